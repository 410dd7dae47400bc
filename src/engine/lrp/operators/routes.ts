import { AppError } from '../../../shared/errors'
import { intOf, intsOf, stringOf } from '../../onnx/attributes'
import { integersOf } from '../../onnx/elements'
import type { Node } from '../../onnx/model'
import type { GraphBuilder } from '../builder'
import { manyTimes, sizeOf } from '../network'
import type { Shares } from '../rules/rule'
import { relevanceOf, type Signal } from '../signal'
import { inputOf, outputOf, type BackwardContext, type Operator } from './operator'

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

/** Flatten, Squeeze and Unsqueeze have become Reshape by the time they get here. */
const reshape: Operator = {
  names: ['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze'],
  kind: 'route',
  detail: 'reshape',
  backward: (node, signal, context) => {
    const input = inputOf(node)
    const shape = context.network.shape(input)
    const { builder, starts, send } = context
    send(
      input,
      moved(signal, node, input, starts, (t, rows) => builder.reshape(t, manyTimes(shape, rows))),
    )
  },
}

const transpose: Operator = {
  names: ['Transpose'],
  kind: 'route',
  detail: 'transpose',
  backward: (node, signal, { builder, network, starts, send }) => {
    const input = inputOf(node)
    const rank = network.shape(input).length
    const order = intsOf(node, 'perm') ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis)
    const inverse = order.map((_, axis) => order.indexOf(axis))
    send(
      input,
      moved(signal, node, input, starts, (t) => builder.transpose(t, inverse)),
    )
  },
}

const concat: Operator = {
  names: ['Concat'],
  kind: 'route',
  detail: 'split',
  backward: (node, signal, context) => {
    const { builder, network, ledger, starts, send } = context
    const rank = network.shape(outputOf(node)).length
    const axis = (intOf(node, 'axis', 0) + rank) % rank
    let start = 0
    const passed: string[] = []
    const kept: string[] = []
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
      unexplained: kept.length > 0 ? () => builder.sum(kept) : undefined,
    })
  },
}

const pad: Operator = {
  names: ['Pad'],
  kind: 'route',
  detail: 'crop',
  refuse: (node, facts) => {
    if (stringOf(node, 'mode', 'constant') !== 'constant')
      return 'only constant padding is supported'
    return node.inputs.slice(1).every((value) => value === '' || facts.isConstant(value))
      ? null
      : 'its pads must be constant'
  },
  backward: (node, signal, context) => {
    const { builder, network, send, ledger } = context
    const input = inputOf(node)
    const shape = network.shape(input)
    const { begin, end } = padsOf(node, { network })
    if ([...begin, ...end].some((size) => size < 0)) {
      throw new AppError(
        'unsupported-operator',
        `Node “${node.name}” (Pad) cuts instead of padding, for which there is no route.`,
        'Padding with zero or more elements is supported.',
      )
    }
    const ends = shape.map((size, axis) => (begin[axis] ?? 0) + size)
    const axes = shape.map((_, axis) => axis)
    const inner = moved(signal, node, input, context.starts, (t) =>
      builder.slice(t, begin, ends, axes),
    )
    send(input, inner)
    if (!ledger) return
    const padded = network.shape(outputOf(node))
    recordRoute(node, signal, [ledger.sum(inner, shape)], context, {
      unexplained: () => {
        const padding = builder.expand(
          paddingMask(builder, begin, shape, padded),
          context.relevanceShape(outputOf(node)),
        )
        return ledger.sum(
          { factor: builder.mul(relevanceOf(builder, signal), padding), carrier: null },
          padded,
        )
      },
    })
  },
}

/** 1 where the output is padding, 0 where it is a real element; without the batch. */
function paddingMask(
  builder: GraphBuilder,
  begin: readonly number[],
  inner: readonly number[],
  padded: readonly number[],
): string {
  const dims = padded.slice(1)
  return builder.tensor(`padding:${begin.join(',')}:${inner.join(',')}:${padded.join(',')}`, () => {
    const values = new Float32Array(sizeOf(dims))
    for (let at = 0; at < values.length; at++) {
      let rest = at
      let real = true
      for (let axis = dims.length; axis >= 1; axis--) {
        const size = padded[axis] ?? 1
        const position = (rest % size) - (begin[axis] ?? 0)
        real &&= position >= 0 && position < (inner[axis] ?? 1)
        rest = Math.floor(rest / size)
      }
      values[at] = real ? 0 : 1
    }
    return { dims, values }
  })
}

/** The pads of every axis: `upgrade` has written them out. */
function padsOf(
  node: Node,
  { network }: Pick<BackwardContext, 'network'>,
): { begin: number[]; end: number[] } {
  const rank = network.shape(inputOf(node)).length
  const pads = network.constants.get(inputOf(node, 1))
  if (!pads) throw new Error(`${node.name} has no constant pads`)
  const values = integersOf(pads)
  return { begin: values.slice(0, rank), end: values.slice(rank) }
}

/** Routes lose nothing but what lands on padding or constants, which `shares` then states as unexplained. */
export function recordRoute(
  node: Node,
  signal: Signal,
  into: readonly string[],
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

export const routes: readonly Operator[] = [reshape, transpose, concat, pad]
