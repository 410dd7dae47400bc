import { intOf } from '../../../onnx/attributes'
import { integersOf } from '../../../onnx/elements'
import type { Node } from '../../../onnx/model'
import { total, type LedgerSum } from '../../ledgerSum'
import { manyTimes } from '../../network'
import { relevanceOf, type Signal } from '../../signal'
import { inputOf, outputOf, type BackwardContext, type Operator } from '../operator'
import { moved, recordRoute } from './moved'

function axisOf(node: Node, rank: number): number {
  return (intOf(node, 'axis', 0) + rank) % rank
}

const concat: Operator = {
  names: ['Concat'],
  kind: 'route',
  detail: 'split',
  backward: (node, signal, context) => {
    const { builder, network, ledger, starts, send } = context
    const axis = axisOf(node, network.shape(outputOf(node)).length)
    let start = 0
    const passed: LedgerSum[] = []
    const kept: LedgerSum[] = []
    for (const input of node.inputs) {
      const constant = network.constants.get(input)
      const shape = constant?.dims ?? network.shape(input)
      const [from, to] = [start, start + (shape[axis] ?? 0)]
      start = to
      const part = moved(signal, node, input, starts, (t) => builder.slice(t, [from], [to], [axis]))
      if (ledger) (constant ? kept : passed).push(ledger.sum(part, shape))
      if (!constant) send(input, part)
    }
    recordRoute(node, signal, passed, context, {
      unexplained: kept.length > 0 ? () => total(kept) : undefined,
    })
  },
}

/** The parts, one behind another again; a part that nobody uses is zero. */
function together(node: Node, signals: readonly (Signal | null)[], context: BackwardContext): void {
  const { builder, network, ledger, composite, starts, send } = context
  const input = inputOf(node)
  const shape = network.shape(input)
  const axis = axisOf(node, shape.length)
  const partShape = (size: number): readonly number[] => shape.with(axis, size)
  const sizes = partSizes(node, context)
  const present = signals.flatMap((signal, at) => (signal ? [{ signal, at }] : []))
  // Each part is the input there, so the input can take the place of all of them as carrier.
  const carried = present.every(({ signal, at }) => signal.carrier === node.outputs[at])
  const parts = sizes.map((size, at) => {
    const signal = signals[at]
    if (!signal) return builder.expand(builder.scalar(0), manyTimes(partShape(size), starts))
    return carried ? signal.factor : relevanceOf(builder, signal)
  })
  const sent = { factor: builder.concat(parts, axis), carrier: carried ? input : null }
  send(input, sent)
  if (!ledger || !composite) return
  ledger.record(
    { node: node.name, operator: node.operator, rule: 'route' },
    total(present.map(({ signal, at }) => ledger.sum(signal, partShape(sizes[at] ?? 0)))),
    [ledger.sum(sent, shape)],
    {},
  )
}

/** `upgrade` has written the sizes out. */
function partSizes(node: Node, { network }: Pick<BackwardContext, 'network'>): number[] {
  const sizes = network.constants.get(inputOf(node, 1))
  if (!sizes) throw new Error(`${node.name} has no constant sizes`)
  return integersOf(sizes)
}

const split: Operator = {
  names: ['Split'],
  kind: 'route',
  detail: 'concatenate',
  refuse: (node, facts) =>
    node.inputs.slice(1).every((sizes) => sizes === '' || facts.isConstant(sizes))
      ? null
      : 'the sizes of its parts must be constant',
  backward: (node, signal, context, output) => {
    together(
      node,
      node.outputs.map((_, at) => (at === output ? signal : null)),
      context,
    )
  },
  backwardAll: together,
}

export const joining: readonly Operator[] = [concat, split]
