import type { NetworkNode } from '../network'
import { elementwiseFunction, hardSigmoid, normalisation } from '../prepare/recognise/regions'
import { combine, type Signal } from '../signal'
import type { Node } from '../../onnx/model'
import { recordDerivative } from './activations'
import { inputOf, type BackwardContext, type Operator } from './operator'

/** Differentiates one node: the operator table's own, passed in because the table holds this file's rows. */
export type Differentiate = (
  node: Node,
  signal: Signal,
  context: BackwardContext,
  output: number,
) => void

/**
 * The gradient through a group's members, from its output to its source.
 * @param factor the gradient at the output.
 * @param held values to be taken as constants; nothing flows through them.
 * @returns the gradient at the source, or null where none arrives.
 */
export function throughMembers(
  group: NetworkNode,
  factor: string,
  context: BackwardContext,
  differentiate: Differentiate,
  held: ReadonlySet<string>,
): string | null {
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
  for (const node of (group.members ?? []).toReversed()) {
    for (const [index, output] of node.outputs.entries()) {
      const signals = pending.get(output)
      if (signals) differentiate(node, combine(context.builder, signals), inner, index)
    }
  }
  const arrived = pending.get(inputOf(group))
  return arrived ? combine(context.builder, arrived).factor : null
}

/** Activations and normalisations that exporters write as several nodes. */
export function groupOperators(differentiate: Differentiate): Operator[] {
  return [
    {
      names: [elementwiseFunction, hardSigmoid],
      kind: 'pass',
      detail: 'pass',
      backward: (node, signal, context) => {
        const input = inputOf(node)
        if (context.composite?.activations !== 'gradient') {
          context.send(input, signal)
          return
        }
        const ones = context.builder.expand(
          context.builder.scalar(1),
          context.network.shape(node.outputs[0] ?? ''),
        )
        const derivative = throughMembers(
          node,
          ones,
          { ...context, starts: 1, relevanceShape: context.network.shape },
          differentiate,
          new Set(),
        )
        if (derivative === null) return
        const sent = { ...signal, factor: context.builder.mul(signal.factor, derivative) }
        context.send(input, sent)
        recordDerivative(node, signal, sent, context)
      },
    },
    {
      names: [normalisation],
      kind: 'pass',
      detail: 'pass',
      backward: (node, signal, context) => {
        context.send(inputOf(node), signal)
      },
    },
  ]
}
