import type { Node } from '../../onnx/model'
import type { NetworkNode } from '../network'
import { combine, type Signal } from '../signal'
import type { BackwardContext } from './operator'

/** Differentiates one node: the operator table's own, passed in because the table holds rows that need it. */
export type Differentiate = (
  node: Node,
  signal: Signal,
  context: BackwardContext,
  output: number,
) => void

/** The gradients that have arrived at the values of a group. */
export interface Gradients {
  /** Null where none arrives. */
  at(value: string): string | null
}

/**
 * The gradient through a group's members, from its output to its source.
 * @param factor the gradient at the output.
 * @param held values to be taken as constants; nothing flows through them.
 */
export function throughMembers(
  group: NetworkNode,
  factor: string,
  context: BackwardContext,
  differentiate: Differentiate,
  held: ReadonlySet<string>,
): Gradients {
  const pending = new Map<string, Signal[]>([[group.outputs[0] ?? '', [{ factor, carrier: null }]]])
  const inner: BackwardContext = {
    ...context,
    composite: null,
    ledger: null,
    send: (value, signal) => {
      if (held.has(value)) return
      const signals = pending.get(value)
      if (signals) signals.push(signal)
      else pending.set(value, [signal])
    },
  }
  const at = (value: string): string | null => {
    const signals = pending.get(value)
    return signals ? combine(context.builder, signals).factor : null
  }
  for (const node of (group.members ?? []).toReversed()) {
    for (const [index, output] of node.outputs.entries()) {
      const arrived = at(output)
      if (arrived !== null) differentiate(node, { factor: arrived, carrier: null }, inner, index)
    }
  }
  return { at }
}
