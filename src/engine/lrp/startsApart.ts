import { intOf, intsOf } from '../onnx/attributes'
import { integersOf } from '../onnx/elements'
import type { Network, NetworkNode } from './network'

/** Operators that work along an axis which must not be the first. */
const alongAxis = new Set(['Concat', 'Split', 'Softmax', 'LogSoftmax', 'Gather'])

/**
 * Whether several starts can share one run: every value has one sample in front, which broadcasts against
 * the rows of the starts, and nothing moves or mixes along that axis.
 */
export function startsApart(network: Network): boolean {
  const values = [network.input, ...network.nodes.flatMap((node) => node.outputs)]
  const isAlone = (value: string): boolean => {
    const shape = value === '' ? [1, 1] : network.shape(value)
    return shape.length > 1 && shape[0] === 1
  }
  return values.every(isAlone) && network.nodes.every((node) => keepsApart(node, network, isAlone))
}

function keepsApart(
  node: NetworkNode,
  network: Network,
  isAlone: (value: string) => boolean,
): boolean {
  const { operator } = node
  // The rows of a dense layer are those of the starts as well.
  if (node.members && operator !== 'Gemm') {
    return node.members.every(
      (member) => member.outputs.every(isAlone) && keepsApart(member, network, isAlone),
    )
  }
  if (operator === 'Transpose') return intsOf(node, 'perm')?.[0] === 0
  if (alongAxis.has(operator)) {
    const rank = network.shape(node.outputs[0] ?? '').length
    const last = operator === 'Softmax' || operator === 'LogSoftmax'
    return (intOf(node, 'axis', last ? -1 : 0) + rank) % rank !== 0
  }
  if (operator.startsWith('Reduce')) {
    const rank = network.shape(node.inputs[0] ?? '').length
    const stated = network.constants.get(node.inputs[1] ?? '')
    const axes = intsOf(node, 'axes') ?? (stated ? integersOf(stated) : [0])
    return axes.every((axis) => (axis + rank) % rank !== 0)
  }
  // Of two matrices alone the first axis is one that the product adds up.
  return operator !== 'MatMul' || network.shape(node.outputs[0] ?? '').length > 2
}
