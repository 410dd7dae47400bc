import type { GraphBuilder } from '../../builder'

/** Elements along one axis: first, first + step, …; `count` of the `size` that there are. */
export interface Places {
  readonly axis: number
  readonly first: number
  /** Negative where they are read backwards. */
  readonly step: number
  readonly count: number
  readonly size: number
}

/**
 * The adjoint of a slice: zeros, but for the elements of t at their places.
 * @param dims of t. @param places at most one for each axis.
 */
export function embed(
  builder: GraphBuilder,
  t: string,
  dims: readonly number[],
  places: readonly Places[],
): string {
  const backwards = places.filter(({ step }) => step < 0)
  let value = backwards.length > 0 ? reversed(builder, t, backwards) : t
  const begin = dims.map(() => 0)
  const end = dims.map(() => 0)
  let shape = dims
  for (const { axis, first, step, count, size } of places) {
    const gap = Math.abs(step)
    const lowest = step < 0 ? first + (count - 1) * step : first
    if (gap > 1) {
      value = builder.reshape(
        spaced(builder, value, shape, axis, gap),
        shape.with(axis, count * gap),
      )
      shape = shape.with(axis, count * gap)
    }
    begin[axis] = lowest
    // What the last gap has too much is cut off again.
    end[axis] = size - lowest - count * gap
  }
  if ([...begin, ...end].every((pad) => pad === 0)) return value
  return builder.op('Pad', [value, builder.integers([...begin, ...end])])
}

function reversed(builder: GraphBuilder, t: string, places: readonly Places[]): string {
  return builder.op('Slice', [
    t,
    builder.integers(places.map(() => -1)),
    builder.integers(places.map(({ count }) => -count - 1)),
    builder.integers(places.map(({ axis }) => axis)),
    builder.integers(places.map(() => -1)),
  ])
}

/** Zeros behind each element along an axis, [before, count, gap, …behind]. */
function spaced(
  builder: GraphBuilder,
  t: string,
  shape: readonly number[],
  axis: number,
  gap: number,
): string {
  const apart = [...shape.slice(0, axis + 1), 1, ...shape.slice(axis + 1)]
  const none = apart.map(() => 0)
  const pads = [...none, ...none.with(axis + 1, gap - 1)]
  return builder.op('Pad', [builder.reshape(t, apart), builder.integers(pads)])
}
