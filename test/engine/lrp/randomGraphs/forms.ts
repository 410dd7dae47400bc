import type { PlainAttributes } from '../../reference/plainAttributes'
import { laidOut, type Draft, type Wire } from './draft'

/** Operators in the form that the draft's operator set has for them. */

/** Integers that were an attribute before an operator set, and are an input since. */
function withIntegers(
  draft: Draft,
  operator: string,
  x: Wire,
  [name, values, since]: readonly [string, readonly number[], number],
  attributes: PlainAttributes = {},
): Wire {
  return draft.opset < since
    ? draft.node(operator, [x], { ...attributes, [name]: values })
    : draft.node(operator, [x, draft.integers(values)], attributes)
}

/** Negative axes are new in operator set 11. */
function axisForm(draft: Draft, axis: number, rank: number): number {
  return draft.opset >= 11 && draft.spelling.chance(0.4) ? axis - rank : axis
}

export function axes(draft: Draft, x: Wire, of: readonly number[]): number[] {
  return of.map((axis) => axisForm(draft, axis, x.dims.length))
}

export function reduce(
  draft: Draft,
  operator: string,
  x: Wire,
  over: readonly number[],
  keep: boolean,
): Wire {
  const since = operator === 'ReduceSum' ? 13 : 18
  const attributes = keep && draft.spelling.chance(0.5) ? {} : { keepdims: keep ? 1 : 0 }
  return withIntegers(draft, operator, x, ['axes', axes(draft, x, over), since], attributes)
}

export function squeeze(draft: Draft, x: Wire, over: readonly number[]): Wire {
  return withIntegers(draft, 'Squeeze', x, ['axes', axes(draft, x, over), 13])
}

export function unsqueeze(draft: Draft, x: Wire, over: readonly number[]): Wire {
  return withIntegers(draft, 'Unsqueeze', x, ['axes', over, 13])
}

export function transpose(draft: Draft, x: Wire, perm: readonly number[]): Wire {
  return draft.node('Transpose', [x], { perm })
}

/** @param rest the dimensions behind the batch, none of them open. */
export function reshape(draft: Draft, x: Wire, rest: readonly number[]): Wire {
  const { spelling, batchSize } = draft
  const way = spelling.integer(0, 3)
  if (way === 0 && x.dims[0] === draft.batch) {
    // As exporters of old write it: the batch read off the value itself.
    const shape = draft.node('Shape', [x])
    const first = draft.node('Gather', [shape, draft.integers([0], [])], { axis: 0 })
    const batch = unsqueeze(draft, first, [0])
    const target = draft.node('Concat', [batch, draft.integers(rest)], { axis: 0 })
    return draft.node('Reshape', [x, target])
  }
  if (way === 1 && rest.length > 0 && x.dims[0] === draft.batch) {
    const open = spelling.integer(0, rest.length - 1)
    return draft.node('Reshape', [x, draft.integers([batchSize, ...rest.with(open, -1)])])
  }
  const keeps = batchSize === 1 || x.dims[0] === draft.batch
  const first = keeps && way === 2 ? batchSize : -1
  return draft.node('Reshape', [x, draft.integers([first, ...rest])])
}

export function flatten(draft: Draft, x: Wire): Wire {
  const [, ...rest] = x.dims
  const flat = draft.spelling.chance(0.6)
    ? draft.node('Flatten', [x], draft.spelling.chance(0.5) ? { axis: 1 } : {})
    : reshape(draft, x, [rest.reduce((product, size) => product * size, 1)])
  return laidOut(flat, 'vector')
}

export function clip(draft: Draft, x: Wire, low: number | null, high: number | null): Wire {
  if (draft.opset >= 11) {
    const bound = (value: number | null) => (value === null ? null : draft.scalar(value))
    return draft.node('Clip', [x, bound(low), ...(high === null ? [] : [bound(high)])])
  }
  return draft.node('Clip', [x], {
    ...(low !== null && { min: { f: low } }),
    ...(high !== null && { max: { f: high } }),
  })
}

export function split(draft: Draft, x: Wire, axis: number, lengths: readonly number[]): Wire[] {
  const stated = { axis: axisForm(draft, axis, x.dims.length) }
  const count = lengths.length
  if (draft.opset < 13) return draft.nodes('Split', [x], { ...stated, split: lengths }, count)
  const isEven = lengths.every((length) => length === lengths[0])
  if (isEven && draft.opset >= 18 && draft.spelling.chance(0.5))
    return draft.nodes('Split', [x], { ...stated, num_outputs: count }, count)
  return draft.nodes('Split', [x, draft.integers(lengths)], stated, count)
}

/** @param steps only from operator set 10 on. */
export function slice(
  draft: Draft,
  x: Wire,
  part: {
    readonly starts: readonly number[]
    readonly ends: readonly number[]
    readonly axes: readonly number[]
    readonly steps?: readonly number[]
  },
): Wire {
  const { starts, ends, steps } = part
  const over = axes(draft, x, part.axes)
  if (draft.opset < 10) return draft.node('Slice', [x], { starts, ends, axes: over })
  const inputs = [starts, ends, over, ...(steps ? [steps] : [])]
  return draft.node('Slice', [x, ...inputs.map((values) => draft.integers(values))])
}

/** @param pads all begins, then all ends. */
export function pad(draft: Draft, x: Wire, pads: readonly number[], mode: string, value = 0): Wire {
  const attributes = mode === 'constant' ? {} : { mode }
  if (draft.opset < 11) return draft.node('Pad', [x], { ...attributes, pads, value: { f: value } })
  const inputs = value === 0 ? [] : [draft.scalar(value)]
  if (draft.opset < 18 || draft.spelling.chance(0.5))
    return draft.node('Pad', [x, draft.integers(pads), ...inputs], attributes)
  const rank = x.dims.length
  const used = [...x.dims.keys()].filter((axis) => pads[axis] !== 0 || pads[axis + rank] !== 0)
  const stated = [...used.map((axis) => pads[axis] ?? 0), ...used.map((axis) => pads[axis + rank] ?? 0)] // prettier-ignore
  const padding = inputs[0] ?? null
  return draft.node('Pad', [x, draft.integers(stated), padding, draft.integers(axes(draft, x, used))], attributes) // prettier-ignore
}

/** Along the last axis: before operator set 13 it took all axes from one on. */
export function softmax(draft: Draft, operator: string, x: Wire): Wire {
  const last = x.dims.length - 1
  const attributes =
    draft.opset >= 13 && draft.spelling.chance(0.5) ? {} : { axis: axisForm(draft, last, last + 1) }
  return draft.node(operator, [x], attributes)
}

/** By whole factors over height and width. */
export function enlarge(draft: Draft, x: Wire, factors: readonly number[], mode: string): Wire {
  const scales = draft.floats([4], [1, 1, ...factors])
  if (draft.opset < 10) return draft.node('Upsample', [x, scales], { mode })
  if (draft.opset < 11) return draft.node('Resize', [x, scales], { mode })
  const none = draft.opset < 13 ? draft.floats([0], []) : null
  const attributes = { mode, coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' }
  if (draft.opset >= 13 && draft.spelling.chance(0.3)) {
    const [, channels = 1, height = 1, width = 1] = x.dims
    const sizes = [draft.batch, channels, height * (factors[0] ?? 1), width * (factors[1] ?? 1)]
    // Sizes state the batch, too.
    if (draft.batchSize === 1)
      return draft.node('Resize', [x, null, null, draft.integers(sizes)], attributes)
  }
  return draft.node('Resize', [x, none, scales], attributes)
}
