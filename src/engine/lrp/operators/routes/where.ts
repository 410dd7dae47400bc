import { unbroadcast } from '../broadcast'
import { inputOf, outputOf, type BackwardContext, type Operator } from '../operator'
import { total, type LedgerSum } from '../../ledgerSum'
import type { Share } from '../../rules/rule'
import { relevanceOf, type Signal } from '../../signal'
import type { Node } from '../../../onnx/model'
import { recordRoute } from './moved'

/** An input of a choice, and where the choice falls on it. */
export interface Chosen {
  readonly value: string
  /** The factor as it is where this input is chosen, 0 elsewhere. */
  readonly masked: (factor: string) => string
}

/**
 * Sends relevance to the inputs that an elementwise choice has taken its numbers from. There the output is the
 * input, which takes its place as carrier. What lands on constants is stated as unexplained.
 */
export function toChosen(
  node: Node,
  signal: Signal,
  context: BackwardContext,
  inputs: readonly Chosen[],
): void {
  const { builder, network, ledger, send } = context
  const output = outputOf(node)
  const shape = network.shape(output)
  const carried = signal.carrier === output
  const factor = carried ? signal.factor : relevanceOf(builder, signal)
  const passed: LedgerSum[] = []
  const kept: Share[] = []
  for (const { value, masked } of inputs) {
    const part = masked(factor)
    if (network.constants.has(value)) {
      if (ledger)
        kept.push(() => ledger.sum({ factor: part, carrier: carried ? output : null }, shape))
      continue
    }
    const to = network.shape(value)
    const sent = {
      factor: unbroadcast(part, shape, to, context),
      carrier: carried ? value : null,
    }
    send(value, sent)
    if (ledger) passed.push(ledger.sum(sent, to))
  }
  recordRoute(node, signal, passed, context, {
    unexplained: kept.length > 0 ? () => total(kept.map((sum) => sum())) : undefined,
  })
}

/** The condition itself is piecewise constant and gets nothing. */
export const where: Operator = {
  names: ['Where'],
  kind: 'route',
  detail: 'to what was chosen',
  backward: (node, signal, context) => {
    const { builder } = context
    const [condition, zero] = [inputOf(node), builder.scalar(0)]
    toChosen(node, signal, context, [
      { value: inputOf(node, 1), masked: (t) => builder.op('Where', [condition, t, zero]) },
      { value: inputOf(node, 2), masked: (t) => builder.op('Where', [condition, zero, t]) },
    ])
  },
}
