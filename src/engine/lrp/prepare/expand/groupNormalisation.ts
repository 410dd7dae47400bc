import { floatOf } from '../../../onnx/attributes'
import { floatsOf } from '../../../onnx/elements'
import { indexGraph } from '../../../onnx/graphIndex'
import type { Node } from '../../../onnx/model'
import type { NetworkNode } from '../../network'
import { inputOf, outputOf } from '../../operators/operator'
import { NodeWriter, type Draft } from '../nodeWriter'
import { normalisation } from '../recognise/regions'
import { inGroups } from './normalised'

/**
 * PyTorch's exporters write group normalisation as instance normalisation of the reshaped groups: Reshape,
 * InstanceNormalization with scale 1 and shift 0, Reshape back; tf2onnx writes layer normalisation of tokens like
 * that. The three become one group, which the scale and shift per channel behind it then join.
 */
export function groupNormsByInstance(nodes: readonly Node[], draft: Draft): NetworkNode[] {
  const index = indexGraph(nodes)
  const onlyUser = (value: string): Node | null => {
    const users = index.consumers(value)
    return users.length === 1 ? (users[0] ?? null) : null
  }
  const parts = new Set<Node>()
  const groups = new Map<Node, NetworkNode[]>()
  for (const node of nodes) {
    if (node.operator !== 'InstanceNormalization' || node.domain !== '') continue
    const before = index.producer(inputOf(node))
    const behind = onlyUser(outputOf(node))
    if (before?.operator !== 'Reshape' || behind?.operator !== 'Reshape') continue
    if (onlyUser(inputOf(node)) !== node) continue
    const groupCount = groupsOf(node, inputOf(before), outputOf(behind), draft)
    if (groupCount === null) continue
    const writer = new NodeWriter(behind, draft)
    const x = inputOf(before)
    const value = writer.group(normalisation, x, {}, () =>
      inGroups(writer, x, groupCount, floatOf(node, 'epsilon', 1e-5)),
    )
    groups.set(behind, writer.finish(value))
    parts.add(before).add(node)
  }
  return nodes.flatMap((node) => groups.get(node) ?? (parts.has(node) ? [] : [node]))
}

/**
 * How many groups of numbers an instance normalisation between two Reshapes makes of each sample; null where it is
 * no group normalisation.
 */
function groupsOf(
  node: Node,
  input: string,
  output: string,
  { constants, shapes }: Draft,
): number | null {
  const [shape, back] = [shapes.get(input) ?? [], shapes.get(output) ?? []]
  const [samples = 1] = shape
  const [instances = 1, channels = 1] = shapes.get(inputOf(node)) ?? []
  const groups = (instances * channels) / samples
  const sameShape = shape.length === back.length && shape.every((size, at) => size === back[at])
  if (!sameShape || !Number.isInteger(groups)) return null
  const isAll = (name: string, value: number): boolean => {
    const constant = constants.get(name)
    return constant !== undefined && floatsOf(constant).every((number) => number === value)
  }
  return isAll(inputOf(node, 1), 1) && isAll(inputOf(node, 2), 0) ? groups : null
}
