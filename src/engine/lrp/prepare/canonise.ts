import { AppError } from '../../../shared/errors'
import { floatOf, int, intOf } from '../../onnx/attributes'
import { floatTensor, floatsOf } from '../../onnx/elements'
import { indexGraph } from '../../onnx/graphIndex'
import { DataType, type Node, type Tensor } from '../../onnx/model'
import { ownPrefix } from '../../onnx/names'
import { sizeOf, type NetworkNode } from '../network'

type Constants = Map<string, Tensor>
type Shapes = ReadonlyMap<string, readonly number[]>

/**
 * Folds what is linear into the linear layer before it, as the conventions ask:
 * a BatchNormalization (with the per-channel Mul and Add that old exporters put behind it) and a
 * constant Add, each only where it is the layer's sole consumer.
 * MatMul with constant weights becomes Gemm; Gemm's alpha and beta go into weights and bias.
 */
export function canonise(
  nodes: readonly NetworkNode[],
  constants: Constants,
  shapes: Shapes,
  logits: string,
): { nodes: NetworkNode[]; notes: string[] } {
  let current = nodes.map((node) => plainGemm(node, constants, shapes))
  let batchNorms = 0
  let biases = 0
  for (;;) {
    const folded = foldOne(current, constants, shapes, logits)
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

/** Gemm with alpha = beta = 1; MatMul of a 2-D activation with constant weights as Gemm. */
function plainGemm(node: NetworkNode, constants: Constants, shapes: Shapes): NetworkNode {
  const [input = '', weightName = '', biasName = ''] = node.inputs
  const weight = constants.get(weightName)
  if (weight?.dataType !== DataType.float) return node
  if (node.operator === 'MatMul') {
    if (shapes.get(input)?.length !== 2 || weight.dims.length !== 2) return node
    return { ...node, operator: 'Gemm', attributes: new Map() }
  }
  if (node.operator !== 'Gemm') return node
  const alpha = floatOf(node, 'alpha', 1)
  const beta = floatOf(node, 'beta', 1)
  const inputs = [input, weightName]
  if (alpha !== 1) {
    inputs[1] = `${ownPrefix}${node.name}:weight`
    constants.set(
      inputs[1],
      floatTensor(
        inputs[1],
        weight.dims,
        floatsOf(weight).map((value) => value * alpha),
      ),
    )
  }
  const bias = constants.get(biasName)
  if (bias && beta !== 0) {
    const outputs = shapes.get(node.outputs[0] ?? '')?.at(-1) ?? 1
    const values = floatsOf(bias)
    if (values.length !== 1 && (values.length !== outputs || bias.dims.at(-1) !== outputs)) {
      throw new AppError(
        'unsupported-operator',
        `Node “${node.name}” (Gemm) has a bias for each sample of the batch, for which there is no rule.`,
        'A bias with one number per output is supported.',
      )
    }
    const name = `${ownPrefix}${node.name}:bias`
    const full = Float32Array.from(
      { length: outputs },
      (_, index) => beta * (values[values.length === 1 ? 0 : index] ?? 0),
    )
    constants.set(name, floatTensor(name, [outputs], full))
    inputs.push(name)
  }
  const attributes = new Map([['transB', int(intOf(node, 'transB', 0))]])
  if (intOf(node, 'transA', 0) === 1) attributes.set('transA', int(1))
  return { ...node, inputs, attributes }
}

/** y = scale · x + shift, one number per channel. */
interface Affine {
  readonly scale: Float32Array
  readonly shift: Float32Array
}

function foldOne(
  nodes: readonly NetworkNode[],
  constants: Constants,
  shapes: Shapes,
  logits: string,
): { nodes: NetworkNode[]; what: string } | null {
  const index = indexGraph(nodes)
  for (const linear of nodes) {
    if (!isLinear(linear, constants)) continue
    const output = linear.outputs[0] ?? ''
    const [next, ...others] = index.consumers(output)
    if (!next || others.length > 0 || output === logits) continue
    const channels = shapes.get(output)?.[1] ?? 0
    const rank = shapes.get(output)?.length ?? 0
    const affine = affineOf(next, output, channels, rank, constants)
    if (!affine) continue
    // A product alone is a layer scale and passes; behind a BatchNormalization it is part of it.
    if (next.operator === 'Mul' && !linear.attributes.has(foldedMark)) continue
    const folded = withAffine(linear, affine, next, constants)
    return {
      nodes: nodes.filter((node) => node !== next).map((node) => (node === linear ? folded : node)),
      what: next.operator,
    }
  }
  return null
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
  if (node.operator !== 'Conv' && node.operator !== 'Gemm') return false
  if (intOf(node, 'transA', 0) === 1) return false
  return constants.get(node.inputs[1] ?? '')?.dataType === DataType.float
}

function affineOf(
  node: Node,
  value: string,
  channels: number,
  rank: number,
  constants: Constants,
): Affine | null {
  if (node.operator === 'BatchNormalization' && node.inputs[0] === value) {
    return batchNormAffine(node, constants)
  }
  if (node.operator !== 'Add' && node.operator !== 'Mul') return null
  const other = node.inputs.find((input) => input !== value) ?? ''
  const constant = constants.get(other)
  if (constant?.dataType !== DataType.float) return null
  const perChannel = channelVector(constant, channels, rank)
  if (!perChannel) return null
  const neutral = (fill: number) => new Float32Array(channels).fill(fill)
  return node.operator === 'Add'
    ? { scale: neutral(1), shift: perChannel }
    : { scale: perChannel, shift: neutral(0) }
}

/** y = (x − mean) · scale / √(var + ε) + b. Null when a parameter is not constant. */
export function batchNormAffine(node: Node, constants: ReadonlyMap<string, Tensor>): Affine | null {
  const [scale, bias, mean, variance] = node.inputs
    .slice(1, 5)
    .map((name) => constants.get(name))
    .map((tensor) => (tensor?.dataType === DataType.float ? floatsOf(tensor) : null))
  if (!scale || !bias || !mean || !variance) return null
  const epsilon = floatOf(node, 'epsilon', 1e-5)
  const factor = scale.map((value, c) => value / Math.sqrt((variance[c] ?? 0) + epsilon))
  return { scale: factor, shift: factor.map((f, c) => (bias[c] ?? 0) - (mean[c] ?? 0) * f) }
}

/** A constant that broadcasts over [N, C, …] with one number per channel (or one for all). */
function channelVector(constant: Tensor, channels: number, rank: number): Float32Array | null {
  const values = floatsOf(constant)
  // More dimensions than the activation's would give the sum more dimensions, too.
  if (constant.dims.length > rank) return null
  if (values.length === 1) return new Float32Array(channels).fill(values[0] ?? 0)
  if (sizeOf(constant.dims) !== channels) return null
  const aligned = [
    ...Array<number>(Math.max(0, rank - constant.dims.length)).fill(1),
    ...constant.dims,
  ]
  return aligned.length === rank && aligned[1] === channels ? values.slice() : null
}

function withAffine(linear: Node, affine: Affine, next: Node, constants: Constants): Node {
  const [input = '', weightName = '', biasName = ''] = linear.inputs
  const weight = constants.get(weightName)
  if (!weight) throw new Error(`${linear.name} has no weights`)
  const values = floatsOf(weight)
  const bias = constants.get(biasName)
  const oldBias = bias ? floatsOf(bias) : null
  const outputAxis = linear.operator === 'Conv' || intOf(linear, 'transB', 0) === 1 ? 0 : 1
  const outputs = weight.dims[outputAxis] ?? 1
  const inner = outputAxis === 0 ? values.length / outputs : 1
  const scaled = values.map(
    (value, at) => value * (affine.scale[Math.floor(at / inner) % outputs] ?? 1),
  )
  const newBias = affine.shift.map(
    (shift, c) => shift + (oldBias?.[c] ?? 0) * (affine.scale[c] ?? 1),
  )
  const weightKey = `${ownPrefix}${linear.name}:weight:${next.name}`
  const biasKey = `${ownPrefix}${linear.name}:bias:${next.name}`
  constants.set(weightKey, floatTensor(weightKey, weight.dims, scaled))
  constants.set(biasKey, floatTensor(biasKey, [outputs], newBias))
  const attributes = new Map(linear.attributes)
  if (next.operator === 'BatchNormalization') attributes.set(foldedMark, int(1))
  return { ...linear, inputs: [input, weightKey, biasKey], outputs: next.outputs, attributes }
}
