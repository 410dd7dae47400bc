import { intOf, intsOf } from '../onnx/attributes'
import type { Network } from './network'

/** Operators that work along an axis which must not be the first. */
const alongAxis = new Set(['Concat', 'Split', 'Softmax', 'LogSoftmax', 'Gather'])

/**
 * Whether several starts can share one run: every value has one sample in front, which broadcasts against
 * the rows of the starts, and nothing moves or mixes along that axis.
 */
export function startsApart(network: Network): boolean {
  const shapes = [network.input, ...network.nodes.flatMap((node) => node.outputs)]
    .filter((value) => value !== '')
    .map((value) => network.shape(value))
  if (shapes.some((shape) => shape.length < 2 || shape[0] !== 1)) return false
  return network.nodes.every((node) => {
    if (node.operator === 'Transpose') return intsOf(node, 'perm')?.[0] === 0
    if (alongAxis.has(node.operator)) {
      const rank = network.shape(node.outputs[0] ?? '').length
      return (intOf(node, 'axis', node.operator === 'Softmax' ? -1 : 0) + rank) % rank !== 0
    }
    return true
  })
}
