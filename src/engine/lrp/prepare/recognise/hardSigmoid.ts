import { floatsOf } from '../../../onnx/elements'
import { DataType, type Node } from '../../../onnx/model'
import type { NetworkNode } from '../../network'
import type { NodeFacts } from '../../operators/operator'
import { activationsOf, type Region, type Workspace } from './regions'

/** (x + c) cut off at both ends and scaled: Clip(x + 3, 0, 6) / 6, as exporters write the hard sigmoid. */
const steps = [new Set(['Div', 'Mul']), new Set(['Clip']), new Set(['Add'])]

/** The hard sigmoid that ends in `end`, each step with one activation; null when there is none. */
export function hardSigmoidBefore(end: NetworkNode, work: Workspace): Region | null {
  const nodes: NetworkNode[] = []
  let node: NetworkNode | null = end
  let source = ''
  for (const operators of steps) {
    if (!node || node.domain !== '' || !operators.has(node.operator)) return null
    if (node.isRange) return null
    const [only, ...others] = activationsOf(node, work.facts)
    if (only === undefined || others.length > 0) return null
    // A constant over an activation is no scaling.
    if (node.operator === 'Div' && node.inputs[0] !== only) return null
    nodes.push(node)
    source = only
    node = work.index.producer(only)
  }
  const [scaling, clip, sum] = nodes
  if (!scaling || !clip || !sum || !endsAt0And1(scaling, clip, sum, work.facts)) return null
  return { source, nodes: new Set(nodes.toReversed()) }
}

/**
 * Whether it is cut off at 0 and 1, and moved by one number: a bias and a ReLU6 with a factor are no hard
 * sigmoid. What is not known before the graph is evaluated counts as it should be.
 */
function endsAt0And1(scaling: Node, clip: Node, sum: Node, facts: NodeFacts): boolean {
  const [low, high] = (['min', 'max'] as const).map((name, at) => {
    const attribute = clip.attributes.get(name)
    if (attribute?.kind === 'float') return attribute.value
    const input = clip.inputs[at + 1] ?? ''
    return input === '' ? null : numberOf(input, facts)
  })
  if (low === null || high === null) return false
  const factor = constantOf(scaling, facts)
  if (factor === null || constantOf(sum, facts) === null) return false
  if (factor === undefined || low === undefined || high === undefined) return true
  const scaled = (bound: number): number =>
    scaling.operator === 'Div' ? bound / factor : bound * factor
  return Math.abs(scaled(low)) < tolerance && Math.abs(scaled(high) - 1) < tolerance
}

/** Exporters round 1/6 in their own ways. */
const tolerance = 1e-3

/** The constant that a node joins with its activation; null for several numbers, undefined if unknown. */
function constantOf(node: Node, facts: NodeFacts): number | null | undefined {
  return numberOf(node.inputs.find((value) => facts.isConstant(value)) ?? '', facts)
}

function numberOf(value: string, { constant }: NodeFacts): number | null | undefined {
  const tensor = constant?.(value)
  if (tensor?.dataType !== DataType.float) return undefined
  const [only, ...others] = floatsOf(tensor)
  return others.length > 0 ? null : only
}
