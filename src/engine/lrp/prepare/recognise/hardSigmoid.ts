import type { NetworkNode } from '../../network'
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
  return { source, nodes: new Set(nodes.toReversed()) }
}
