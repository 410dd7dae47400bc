import { int, intOf, intsOf } from '../../onnx/attributes'
import { batchNormAffine, type Affine } from '../../onnx/batchNormalization'
import { floatTensor, floatsOf } from '../../onnx/elements'
import { indexGraph, type GraphIndex } from '../../onnx/graphIndex'
import { DataType, type Node, type Tensor } from '../../onnx/model'
import { ownPrefix } from '../../onnx/names'
import { sizeOf, type NetworkNode } from '../network'
import { denseForm } from './denseForm'
import type { Draft } from './nodeWriter'

type Constants = Map<string, Tensor>

/**
 * Folds what is linear into the linear layer before it, as the conventions ask: a BatchNormalization, the
 * per-channel Mul and Add that old exporters put behind or in place of it, and a constant summand; each only where
 * nothing else reads the layer, and whatever Transpose or Reshape lies between.
 * Products with constant weights take the form of `denseForm` first.
 */
export function canonise(
  nodes: readonly NetworkNode[],
  draft: Draft,
  logits: string,
): { nodes: NetworkNode[]; notes: string[] } {
  let current = nodes.flatMap((node) => denseForm(node, draft))
  let batchNorms = 0
  let biases = 0
  for (;;) {
    const folded = foldOne(current, draft, logits)
    if (!folded) break
    if (folded.what === 'BatchNormalization') batchNorms++
    else biases++
    current = folded.nodes
  }
  const left = current.filter((node) => node.operator === 'BatchNormalization').length
  const notes: string[] = []
  if (batchNorms > 0) {
    notes.push(`${batchNorms} BatchNormalization folded into the linear layer before`)
  }
  if (left > 0) notes.push(`${left} BatchNormalization left in place (pass)`)
  if (biases > 0)
    notes.push(`${biases} constant factors or summands folded into the linear layer before`)
  return { nodes: current, notes }
}

/** y = scale · x + shift, one number per channel. */

function foldOne(
  nodes: readonly NetworkNode[],
  { constants, shapes }: Draft,
  logits: string,
): { nodes: NetworkNode[]; what: string } | null {
  const index = indexGraph(nodes)
  for (const linear of nodes) {
    if (!isLinear(linear, constants)) continue
    const { last, channels } = behindMovers(linear, index, shapes)
    const output = last.outputs[0] ?? ''
    const [next, ...others] = index.consumers(output)
    if (!next || others.length > 0 || output === logits) continue
    const affine = affineOf(next, output, channels, constants)
    if (!affine) continue
    // A product alone is a layer scale and passes; behind a BatchNormalization, or before a sum, it is part of one.
    const scales = next.operator === 'Mul' && !linear.attributes.has(foldedMark)
    if (scales && !isShifted(next, index, channels, constants)) continue
    const folded = withAffine(linear, affine, next, constants)
    const renamed = (node: NetworkNode): NetworkNode => {
      const changed = node === linear ? folded : node
      return node === last ? { ...changed, outputs: next.outputs } : changed
    }
    return { nodes: nodes.filter((node) => node !== next).map(renamed), what: next.operator }
  }
  return null
}

/** Whether a product with one number per channel is the first half of a BatchNormalization written as two nodes. */
function isShifted(
  product: Node,
  index: GraphIndex<NetworkNode>,
  channels: Channels,
  constants: Constants,
): boolean {
  const [output = ''] = product.outputs
  const [next, ...others] = index.consumers(output)
  if (!next || others.length > 0 || !summing.has(next.operator)) return false
  const count = channels.shape[channels.axis]
  const isVector = (node: Node): boolean =>
    node.inputs.some((value) => sizeOf(constants.get(value)?.dims ?? [0]) === count)
  return isVector(product) && isVector(next) && affineOf(next, output, channels, constants) !== null
}

/**
 * The last of the nodes behind a layer that only bring its outputs to other places (those that `denseForm` has put
 * there, and those around each layer of a network that keeps its channels last), or the layer itself; and where the
 * channels are there.
 */
function behindMovers(
  linear: NetworkNode,
  index: GraphIndex<NetworkNode>,
  shapes: Draft['shapes'],
): { last: NetworkNode; channels: Channels } {
  let last = linear
  let shape = shapes.get(linear.outputs[0] ?? '') ?? []
  // A dense layer has its outputs last, however many axes its rows have.
  let axis = linear.operator === 'Gemm' ? shape.length - 1 : 1
  for (;;) {
    const [next, ...others] = index.consumers(last.outputs[0] ?? '')
    if (!next || others.length > 0 || !moving.has(next.operator)) break
    const moved = shapes.get(next.outputs[0] ?? '') ?? []
    const to =
      next.operator === 'Transpose'
        ? (intsOf(next, 'perm')?.indexOf(axis) ?? shape.length - 1 - axis)
        : sameAxis(shape, axis, moved)
    if (to < 0) break
    last = next
    shape = moved
    axis = to
  }
  return { last, channels: { shape, axis } }
}

/** The axis of a reshaped value that has the elements of one of the original's; −1 for none. */
function sameAxis(shape: readonly number[], axis: number, reshaped: readonly number[]): number {
  const before = sizeOf(shape.slice(0, axis))
  return reshaped.findIndex(
    (size, at) => size === shape[axis] && sizeOf(reshaped.slice(0, at)) === before,
  )
}

/** Marks, until `unmark`, linear nodes that took a BatchNormalization in. */
const foldedMark = 'pixelwise_folded'

/** Removes the marks: they are not ONNX attributes. */
export function unmark(nodes: readonly NetworkNode[]): NetworkNode[] {
  return nodes.map((node) => {
    if (!node.attributes.has(foldedMark)) return node
    const attributes = new Map(node.attributes)
    attributes.delete(foldedMark)
    return { ...node, attributes }
  })
}

function isLinear(node: Node, constants: Constants): boolean {
  if (!['Conv', 'ConvTranspose', 'Gemm'].includes(node.operator)) return false
  return constants.get(node.inputs[1] ?? '')?.dataType === DataType.float
}

/** They change no number, only where it is. */
const moving = new Set(['Transpose', 'Reshape'])

/** What adds a constant to a layer's outputs, or takes it off. */
const summing = new Set(['Add', 'Sum', 'Sub'])

/** A value's shape and the axis of its channels. */
interface Channels {
  readonly shape: readonly number[]
  readonly axis: number
}

function affineOf(
  node: Node,
  value: string,
  channels: Channels,
  constants: Constants,
): Affine | null {
  if (node.operator === 'BatchNormalization' && node.inputs[0] === value) {
    return channels.axis === 1 ? batchNormAffine(node, constants) : null
  }
  const { operator, inputs } = node
  if ((operator !== 'Mul' && !summing.has(operator)) || inputs.length !== 2) return null
  // What a layer's outputs are taken off is no summand of theirs.
  if (operator === 'Sub' && inputs[0] !== value) return null
  const constant = constants.get(inputs.find((input) => input !== value) ?? '')
  if (constant?.dataType !== DataType.float) return null
  const perChannel = channelVector(constant, channels)
  if (!perChannel) return null
  const neutral = (fill: number) => new Float32Array(perChannel.length).fill(fill)
  if (operator === 'Mul') return { scale: perChannel, shift: neutral(0) }
  const shift = operator === 'Sub' ? perChannel.map((number) => -number) : perChannel
  return { scale: neutral(1), shift }
}

/** A constant that broadcasts over a value with one number per channel (or one for all). */
function channelVector(constant: Tensor, { shape, axis }: Channels): Float32Array | null {
  const values = floatsOf(constant)
  const rank = shape.length
  const channels = shape[axis] ?? 0
  // More dimensions than the activation's would give the sum more dimensions, too.
  if (constant.dims.length > rank) return null
  if (values.length === 1) return new Float32Array(channels).fill(values[0] ?? 0)
  if (sizeOf(constant.dims) !== channels) return null
  return constant.dims[axis - rank + constant.dims.length] === channels ? values.slice() : null
}

/** How many outputs a layer's weights have, and which of them a weight at a flat position belongs to. */
function outputChannels(
  linear: Node,
  { dims }: Tensor,
): { outputs: number; outputAt: (at: number) => number } {
  if (linear.operator === 'ConvTranspose') {
    // [in, out / groups, …]: the inputs of a group lie one behind another.
    const [inputs = 1, perGroup = 1] = dims
    const groups = intOf(linear, 'group', 1)
    const taps = sizeOf(dims.slice(2))
    return {
      outputs: perGroup * groups,
      outputAt: (at) => {
        const group = Math.floor((Math.floor(at / (perGroup * taps)) * groups) / inputs)
        return group * perGroup + (Math.floor(at / taps) % perGroup)
      },
    }
  }
  const outputsFirst = linear.operator === 'Conv' || intOf(linear, 'transB', 0) === 1
  const outputs = dims.at(outputsFirst ? 0 : -1) ?? 1
  const inner = outputsFirst ? sizeOf(dims) / outputs : 1
  return { outputs, outputAt: (at) => Math.floor(at / inner) % outputs }
}

function withAffine(linear: Node, affine: Affine, next: Node, constants: Constants): Node {
  const [input = '', weightName = '', biasName = ''] = linear.inputs
  const weight = constants.get(weightName)
  if (!weight) throw new Error(`${linear.name} has no weights`)
  const values = floatsOf(weight)
  const bias = constants.get(biasName)
  const oldBias = bias ? floatsOf(bias) : null
  const { outputs, outputAt } = outputChannels(linear, weight)
  const weightKey = summing.has(next.operator)
    ? weightName
    : `${ownPrefix}${linear.name}:weight:${next.name}`
  if (weightKey !== weightName) {
    const scaled = values.map((value, at) => value * (affine.scale[outputAt(at)] ?? 1))
    constants.set(weightKey, floatTensor(weightKey, weight.dims, scaled))
  }
  const newBias = affine.shift.map(
    (shift, c) => shift + (oldBias?.[c] ?? 0) * (affine.scale[c] ?? 1),
  )
  const biasKey = `${ownPrefix}${linear.name}:bias:${next.name}`
  constants.set(biasKey, floatTensor(biasKey, [outputs], newBias))
  const attributes = new Map(linear.attributes)
  if (next.operator === 'BatchNormalization') attributes.set(foldedMark, int(1))
  return { ...linear, inputs: [input, weightKey, biasKey], attributes }
}
