import { intsOf } from '../../onnx/attributes'
import { integersOf } from '../../onnx/elements'
import type { Node } from '../../onnx/model'
import type { Network } from '../network'
import { inputOf } from './operator'

/**
 * The axes that a reduction takes together, from the front: those that `upgrade` has written out, for ReduceSum
 * as an input, or all.
 */
export function reducedAxes(
  node: Node,
  network: Pick<Network, 'constants' | 'shape'>,
): readonly number[] {
  const rank = network.shape(inputOf(node)).length
  const all = Array.from({ length: rank }, (_, axis) => axis)
  if (node.operator.startsWith('Global')) return all.slice(2)
  const tensor = network.constants.get(inputOf(node, 1))
  const axes = tensor ? integersOf(tensor) : (intsOf(node, 'axes') ?? all)
  return axes.map((axis) => (axis + rank) % rank)
}
