import { intOf, intsOf } from '../onnx/attributes'
import { integersOf } from '../onnx/elements'
import type { Network, NetworkNode } from './network'

/** Operators that work along an axis which must not be the first. */
const alongAxis = new Set([
  'Concat', 'Split', 'Softmax', 'LogSoftmax', 'Gather', 'GatherElements', 'TopK',
]) // prettier-ignore
/** Those of them whose axis is the last one where none is stated. */
const alongLast = new Set(['Softmax', 'LogSoftmax', 'TopK'])

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
  const { constants } = network
  const rank = shapeOf(node, network).length
  const isFirst = (axis: number): boolean => (axis + rank) % rank === 0
  const stated = (at: number): number[] => {
    const tensor = constants.get(node.inputs[at] ?? '')
    return tensor ? integersOf(tensor) : [0]
  }
  if (alongAxis.has(operator))
    return !isFirst(intOf(node, 'axis', alongLast.has(operator) ? -1 : 0))
  if (operator.startsWith('Reduce')) {
    return !(intsOf(node, 'axes') ?? stated(1)).some(isFirst)
  }
  if (operator === 'Slice') return !stated(3).some(isFirst)
  if (operator === 'CumSum') return !stated(1).some(isFirst)
  if (operator === 'Pad') return stated(1)[0] === 0 && stated(1)[rank] === 0
  if (operator === 'GatherND' || operator.startsWith('Scatter')) return false
  // Of two matrices alone the first axis is one that the product adds up.
  return operator !== 'MatMul' || network.shape(node.outputs[0] ?? '').length > 2
}

/** Of the first input that is no constant. */
function shapeOf({ inputs }: NetworkNode, { constants, shape }: Network): readonly number[] {
  const value = inputs.find((input) => input !== '' && !constants.has(input))
  return value === undefined ? [] : shape(value)
}
