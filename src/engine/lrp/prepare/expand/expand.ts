import { ancestorsOf } from '../../../onnx/graphIndex'
import type { NetworkNode } from '../../network'
import { NodeWriter, type Draft } from '../nodeWriter'
import { inPairs, noteShape } from './einsumEquation'
import { groupNormsByInstance } from './groupNormalisation'
import { normsByOwnStatistics } from './ownStatistics'
import { expansionFor } from './table'

/**
 * Writes out what opset 17 has no operator for, and normalisations, as groups of the operators that it has:
 * one form, whatever the exporter made of them.
 * @param logits whatever they do not depend on any more is left out.
 */
export function expand(nodes: readonly NetworkNode[], draft: Draft, logits: string): NetworkNode[] {
  const isConstant = (value: string): boolean => draft.constants.has(value)
  const alone = ancestorsOf(normsByOwnStatistics(nodes, draft), logits).flatMap((node) =>
    node.members ? [node] : inPairs(node, { isConstant }),
  )
  return groupNormsByInstance(alone, draft).flatMap((node) => {
    if (node.operator === 'Einsum') noteShape(node, draft)
    const expansion = node.members ? null : expansionFor(node)
    return expansion ? expansion.expand(node, new NodeWriter(node, draft)) : [node]
  })
}
