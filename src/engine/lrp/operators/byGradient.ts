import { nothing, times, total, type LedgerSum } from '../ledgerSum'
import type { NetworkNode } from '../network'
import { divided, relevanceOf, type Signal } from '../signal'
import { defaultStabiliser } from '../rules/rule'
import type { BackwardContext, Operator } from './operator'

/**
 * The gradient in place of a missing rule: R_i = a_i Σ_j (∂y_j/∂a_i) R_j / stab(y_j), input × gradient
 * within one node. What it does not conserve is stated as unexplained.
 * @param signals that add up to R. Of one that y carries the factor is R / y, for which nothing is divided.
 */
export function backwardByGradient(
  operator: Operator,
  node: NetworkNode,
  signals: readonly Signal[],
  context: BackwardContext,
  output: number,
): void {
  const { builder, network, ledger } = context
  const y = node.outputs[output] ?? ''
  const isCarried = ({ carrier }: Signal): boolean => carrier === y
  const shares = signals.map((signal) =>
    isCarried(signal) ? signal.factor : divided(builder, signal, y, defaultStabiliser, false),
  )
  const s = builder.sum(shares)
  const sent: { readonly value: string; readonly signal: Signal }[] = []
  operator.backward(
    node,
    { factor: s, carrier: null },
    {
      ...context,
      composite: null,
      ledger: null,
      send: (value, { factor }) => {
        sent.push({ value, signal: { factor, carrier: value } })
      },
    },
    output,
  )
  for (const part of sent) context.send(part.value, part.signal)
  if (!ledger) return
  const out = total(signals.map((signal) => ledger.sum(signal, network.shape(y))))
  const into = sent.map((part) => ledger.sum(part.signal, network.shape(part.value)))
  const absorbed = (): LedgerSum => {
    // What y · s leaves of R is the stabiliser's; the rest of the difference is the gradient's own.
    const through = ledger.sum({ factor: s, carrier: y }, network.shape(y))
    return total([through, times(total(into), -1)])
  }
  ledger.record({ node: node.name, operator: node.operator, rule: 'gradient' }, out, into, {
    stabiliser: () =>
      total(
        signals.map((signal, at) => {
          if (isCarried(signal)) return nothing
          const kept = builder.mul(shares[at] ?? '', y)
          const lost = builder.op('Sub', [relevanceOf(builder, signal), kept])
          return ledger.sum({ factor: lost, carrier: null }, network.shape(y))
        }),
      ),
    unexplained: absorbed,
  })
}
