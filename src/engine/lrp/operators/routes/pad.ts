import { stringOf } from '../../../onnx/attributes'
import { integersOf } from '../../../onnx/elements'
import type { Node } from '../../../onnx/model'
import type { GraphBuilder } from '../../builder'
import { sizeOf } from '../../network'
import { relevanceOf, type Signal } from '../../signal'
import { alongAxis, type AxisMap } from '../alongAxis'
import { inputOf, outputOf, type BackwardContext, type Operator } from '../operator'
import { gathered, recordRoute, routeBack } from './moved'
import { shownBy } from './shown'

const modes = new Set(['constant', 'reflect', 'edge', 'wrap'])

/** Negative pads cut off, and what is cut off gets zero. Mode `wrap` has become Gather by the time it gets here. */
export const pad: Operator = {
  names: ['Pad'],
  kind: 'route',
  detail: 'crop (mirrored or repeated elements add up)',
  refuse: (node, facts) => {
    if (!modes.has(stringOf(node, 'mode', 'constant'))) return 'its mode is not known'
    return node.inputs.slice(1).every((value) => value === '' || facts.isConstant(value))
      ? null
      : 'its pads must be constant'
  },
  backward: (node, signal, context) => {
    if (stringOf(node, 'mode', 'constant') === 'constant') cropped(node, signal, context)
    else folded(node, signal, context)
  },
}

function cropped(node: Node, signal: Signal, context: BackwardContext): void {
  const { builder, network, send, ledger, relevanceShape } = context
  const input = inputOf(node)
  const shape = network.shape(input)
  const padded = network.shape(outputOf(node))
  const { begin, end } = padsOf(node, context)
  const axes = shape.map((_, axis) => axis)
  const from = begin.map((size) => Math.max(size, 0))
  // The rows of several starts lie along the first axis, which is not padded then.
  const to = relevanceShape(outputOf(node)).map((size, axis) => size - Math.max(end[axis] ?? 0, 0))
  const cut = [...begin, ...end].map((size) => Math.max(-size, 0))
  const sent = gathered(builder, signal, input, outputOf(node), (t) => {
    const inner = builder.slice(t, from, to, axes)
    return cut.every((size) => size === 0)
      ? inner
      : builder.op('Pad', [inner, builder.integers(cut)])
  })
  send(input, sent)
  if (!ledger) return
  recordRoute(node, signal, [ledger.sum(sent, shape)], context, {
    unexplained: () => {
      const padding = builder.expand(
        paddingMask(builder, begin, shape, padded),
        relevanceShape(outputOf(node)),
      )
      return ledger.sum(
        { factor: builder.mul(relevanceOf(builder, signal), padding), carrier: null },
        padded,
      )
    },
  })
}

/** Reflected or repeated: every place of the output shows an element of the input. */
function folded(node: Node, signal: Signal, context: BackwardContext): void {
  const { builder, network, relevanceShape } = context
  const shape = network.shape(inputOf(node))
  const mode = stringOf(node, 'mode', 'constant') === 'edge' ? 'edge' : 'reflect'
  const { begin, end } = padsOf(node, context)
  routeBack(node, signal, context, (t) => {
    let value = t
    let dims = relevanceShape(outputOf(node))
    for (const [axis, size] of shape.entries()) {
      const [before, behind] = [begin[axis] ?? 0, end[axis] ?? 0]
      if (before === 0 && behind === 0) continue
      const map = readersMap(shownBy(mode, size, before, behind), size)
      const key = `pad:${mode}:${size}:${before}:${behind}`
      value = alongAxis(builder, value, dims, axis, key, map)
      dims = dims.with(axis, size)
    }
    return value
  })
}

/** 1 where a place of the output shows an element of the input; a row for each element. */
function readersMap(shown: readonly number[], size: number): AxisMap {
  const values = new Float32Array(size * shown.length)
  for (const [place, element] of shown.entries()) values[element * shown.length + place] = 1
  return { rows: size, columns: shown.length, values }
}

/** 1 where the output is padding, 0 where it is a real element; of one sample where samples are not padded. */
function paddingMask(
  builder: GraphBuilder,
  begin: readonly number[],
  inner: readonly number[],
  padded: readonly number[],
): string {
  const isApart = begin[0] === 0 && inner[0] === padded[0]
  const dims = isApart ? [1, ...padded.slice(1)] : padded
  return builder.tensor(`padding:${begin.join(',')}:${inner.join(',')}:${padded.join(',')}`, () => {
    const values = new Float32Array(sizeOf(dims))
    for (let at = 0; at < values.length; at++) {
      let rest = at
      let real = true
      for (let axis = dims.length - 1; axis >= 0; axis--) {
        const size = dims[axis] ?? 1
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
