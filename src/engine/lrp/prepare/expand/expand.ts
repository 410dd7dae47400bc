import type { Node } from '../../../onnx/model'
import type { NetworkNode } from '../../network'
import { NodeWriter, type Draft } from '../nodeWriter'
import { groupNormsByInstance } from './groupNormalisation'
import { expansionFor } from './table'

/**
 * Writes out what opset 17 has no operator for, and normalisations, as groups of the operators that it has:
 * one form, whatever the exporter made of them.
 */
export function expand(nodes: readonly Node[], draft: Draft): NetworkNode[] {
  return groupNormsByInstance(nodes, draft).flatMap((node) => {
    const expansion = node.members ? null : expansionFor(node)
    return expansion ? expansion.expand(node, new NodeWriter(node, draft)) : [node]
  })
}
