import type { Node } from '../../../onnx/model'
import type { GraphBuilder } from '../../builder'
import type { LedgerSum } from '../../ledgerSum'
import type { Shares } from '../../rules/rule'
import { relevanceOf, type Signal } from '../../signal'
import { outputOf, type BackwardContext } from '../operator'

/**
 * Moves a tensor in the shape of the node's output back to the shape of one of its inputs.
 * @param starts how many of them lie one behind another: relevance has a row for each start, a carrier one.
 */
export type Mover = (tensor: string, starts: number) => string

/**
 * Sends R = factor · carrier through a rearrangement: both move alike, and where the carrier is the
 * node's own output, the input takes its place.
 */
export function moved(
  signal: Signal,
  node: Node,
  input: string,
  starts: number,
  move: Mover,
): Signal {
  const { factor, carrier } = signal
  const sent = move(factor, starts)
  if (carrier === null) return { factor: sent, carrier: null }
  return { factor: sent, carrier: carrier === outputOf(node) ? input : move(carrier, 1) }
}

/**
 * Sends R through y_j = x_i(j), where an element may be read by several outputs or by none: each gets the sum
 * of what its readers have. As y_j = x_i, the input takes the output's place as carrier.
 * @param adjoint sums a tensor with relevance's rows over the readers of each element.
 */
export function gathered(
  builder: GraphBuilder,
  signal: Signal,
  input: string,
  output: string,
  adjoint: (tensor: string) => string,
): Signal {
  return signal.carrier === output
    ? { factor: adjoint(signal.factor), carrier: input }
    : { factor: adjoint(relevanceOf(builder, signal)), carrier: null }
}

/** Routes lose nothing but what lands on padding or constants, which `shares` then states as unexplained. */
export function recordRoute(
  node: Node,
  signal: Signal,
  into: readonly LedgerSum[],
  { network, ledger, composite }: BackwardContext,
  shares: Shares = {},
): void {
  if (!ledger || !composite) return
  ledger.record(
    { node: node.name, operator: node.operator, rule: 'route' },
    ledger.sum(signal, network.shape(outputOf(node))),
    into,
    shares,
  )
}

/** A route from one input to the one output, whose elements each come from one of the input's. */
export function routeBack(
  node: Node,
  signal: Signal,
  context: BackwardContext,
  adjoint: (tensor: string) => string,
): void {
  const { builder, network, ledger, send } = context
  const [input = ''] = node.inputs
  const sent = gathered(builder, signal, input, outputOf(node), adjoint)
  send(input, sent)
  if (ledger) recordRoute(node, signal, [ledger.sum(sent, network.shape(input))], context)
}
