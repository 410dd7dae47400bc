import { floatOf, floats, int, intOf, string } from '../attributes'
import { floatsOf } from '../elements'
import { DataType, type Attribute, type Node, type Tensor } from '../model'
import { blockedDomain } from './blockSize'
import type { Layout } from './layout'
import { blockBoth, blocked, blockOutputs, blockVector } from './weights'

/** How the kernels take a convolution's weights and input. */
type Kind = 'both' | 'outputs' | 'depthwise'

/** ONNX Runtime's own conditions (its NCHWc transformer); null where it has no kernel. */
function kindOf(node: Node, weights: Tensor, block: number): Kind | null {
  const [outputs = 1, inputs = 1] = weights.dims
  const group = intOf(node, 'group', 1)
  if (group === 1) {
    // Fewer channels than a block are read from the plain order.
    if (inputs < block) return 'outputs'
    return inputs % 4 === 0 ? 'both' : null
  }
  if (inputs === 1 && outputs === group) return outputs % 4 === 0 ? 'depthwise' : null
  return inputs % block === 0 && (outputs / group) % block === 0 ? 'both' : null
}

interface Convolution {
  readonly node: Node
  readonly weights: Tensor
  readonly bias: Tensor | null
  readonly kind: Kind
}

/** Convolutions that are to add a value to their own, by the addition that will write them. */
export type Waiting = Map<Node, Convolution>

/** Writes a convolution in blocks, with the activation behind it; false where that cannot be. */
export function convolution(node: Node, layout: Layout, waiting: Waiting): boolean {
  const [output = ''] = node.outputs
  const weights = layout.constant(node.inputs[1] ?? '')
  const bias = node.inputs[2] ? layout.constant(node.inputs[2]) : null
  const isFloat = (tensor: Tensor): boolean => tensor.dataType === DataType.float
  if (!weights || !isFloat(weights) || weights.dims.length !== 4 || !layout.image(output))
    return false
  if (bias === undefined || (bias && !isFloat(bias))) return false
  const kind = kindOf(node, weights, layout.block)
  if (kind === null) return false
  const read = { node, weights, bias, kind }
  const behind = layout.onlyConsumer(output)
  if (behind && isAddition(behind, output, layout) && !waiting.has(behind))
    waiting.set(behind, read)
  else write(read, layout, null)
  return true
}

/** Writes an addition as the convolution that waits for it. */
export function waitingAddition(node: Node, layout: Layout, waiting: Waiting): boolean {
  const before = waiting.get(node)
  if (!before) return false
  const [output = ''] = before.node.outputs
  const other = node.inputs.find((input) => input !== output) ?? ''
  write(before, layout, { into: node, other })
  return true
}

/** The sum of a convolution and something of the same shape that is no constant. */
function isAddition(node: Node, value: string, layout: Layout): boolean {
  if (node.operator !== 'Add') return false
  const other = node.inputs.find((input) => input !== value)
  if (other === undefined || layout.constant(other) || !layout.canBlock(other)) return false
  const [shape, its] = [layout.image(value), layout.image(other)]
  return shape !== null && its !== null && shape.every((size, axis) => size === its[axis])
}

function write(
  { node, weights, bias, kind }: Convolution,
  layout: Layout,
  sum: { readonly into: Node; readonly other: string } | null,
): void {
  const { block } = layout
  const [input = ''] = node.inputs
  const [outputs = 1] = weights.dims
  const kernel = layout.tensor(`${weights.name}:${kind}`, () =>
    (kind === 'both' ? blockBoth : blockOutputs)(floatsOf(weights), weights.dims, block),
  )
  const inputs = [kind === 'outputs' ? layout.plain(input) : layout.blocked(input), kernel]
  if (bias) {
    inputs.push(
      layout.tensor(`${bias.name}:bias`, () => {
        const values = blockVector(floatsOf(bias), block)
        return { dims: [values.length], values }
      }),
    )
  } else if (sum) inputs.push('')
  if (sum) inputs.push(layout.blocked(sum.other))

  const attributes = new Map<string, Attribute>(node.attributes)
  if (kind === 'depthwise') attributes.set('group', int(blocked(outputs, block)))
  writeWithActivation(layout, inputs, sum?.into ?? node, attributes, outputs % block === 0)
}

/**
 * Writes a convolution in blocks that makes what a node put out, or the activation that alone reads it.
 * @param whole no channels are missing.
 */
export function writeWithActivation(
  layout: Layout,
  inputs: readonly string[],
  node: Node,
  attributes: Map<string, Attribute>,
  whole: boolean,
): void {
  const [output = ''] = node.outputs
  const behind = layout.onlyConsumer(output)
  const fused = behind && activationOf(behind, whole, layout)
  if (!behind || !fused) {
    layout.writeBlocked('Conv', inputs, output, attributes, blockedDomain)
    return
  }
  attributes.set('activation', string(fused.name))
  if (fused.parameters.length > 0) attributes.set('activation_params', floats(fused.parameters))
  layout.absorb(behind)
  layout.writeBlocked('Conv', inputs, behind.outputs[0] ?? '', attributes, blockedDomain)
}

interface Activation {
  readonly name: string
  readonly parameters: readonly number[]
}

/** @param whole no channels are missing, so that activations need not keep 0. */
function activationOf(node: Node, whole: boolean, layout: Layout): Activation | null {
  const { operator: name } = node
  if (name === 'Relu') return { name, parameters: [] }
  if (name === 'LeakyRelu') return { name, parameters: [floatOf(node, 'alpha', 0.01)] }
  if (!whole) return null
  if (name === 'Sigmoid' || name === 'Tanh') return { name, parameters: [] }
  if (name !== 'Clip') return null
  const bounds = [1, 2].map((at) => layout.constant(node.inputs[at] ?? ''))
  const [low, high] = bounds.map((bound) =>
    bound?.dataType === DataType.float ? floatsOf(bound)[0] : undefined,
  )
  return low === undefined || high === undefined ? null : { name, parameters: [low, high] }
}
