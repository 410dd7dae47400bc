import { indexGraph } from '../../../onnx/graphIndex'
import { sizeOf, type NetworkNode } from '../../network'
import type { Draft } from '../nodeWriter'
import { elementwiseFunction } from './regions'

/**
 * The number that an activation written out ends with (the ½ of GELU) becomes part of it. Relevance passes
 * both in any case; as one, ONNX Runtime may fuse them, since nothing reads what lies between.
 */
export function joinFactors(
  nodes: readonly NetworkNode[],
  { constants }: Pick<Draft, 'constants'>,
): NetworkNode[] {
  const index = indexGraph(nodes)
  const isNumber = (value: string): boolean => {
    const dims = constants.get(value)?.dims
    return dims !== undefined && dims.length < 2 && sizeOf(dims) === 1
  }
  const joined = new Map<NetworkNode, NetworkNode>()
  const parts = new Set<NetworkNode>()
  for (const node of nodes) {
    const [a = '', b = ''] = node.inputs
    const source = isNumber(b) ? a : node.operator === 'Mul' && isNumber(a) ? b : ''
    if (node.operator !== 'Mul' && node.operator !== 'Div') continue
    const group = index.producer(source)
    if (group?.operator !== elementwiseFunction || index.consumers(source).length > 1) continue
    const members = [...(group.members ?? []), node]
    joined.set(node, { ...group, name: node.name, outputs: node.outputs, members })
    parts.add(group)
  }
  return nodes.flatMap((node) => (parts.has(node) ? [] : [joined.get(node) ?? node]))
}
