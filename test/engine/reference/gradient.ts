import type { NdArray } from './ndArray'

/** A function of an input, such as a logit. */
export type Scalar = (x: NdArray) => number

/** Of the largest number of the input. */
const step = 1e-6

/** What rounding and third derivatives may do to slopes, as a share of them. */
const agreement = 1e-6

/**
 * The slope of f at x along a direction, by central differences with two steps; null where a kink (of a ReLU,
 * a maximum) lies within the larger one. A smooth function's two slopes agree, and its curvature bends the
 * slopes to the right and to the left apart in proportion to the step; a kink breaks one or the other.
 * @param direction in the shape of x; numbers of about 1.
 */
export function slopeAlong(f: Scalar, x: NdArray, direction: ArrayLike<number>): number | null {
  const size = Math.max(1e-3, ...x.data.map(Math.abs))
  const at = (h: number): number =>
    f({ ...x, data: x.data.map((value, i) => value + h * size * (direction[i] ?? 0)) })
  const centre = at(0)
  const sides = (h: number) => {
    const right = (at(h) - centre) / (h * size)
    const left = (centre - at(-h)) / (h * size)
    return { slope: (right + left) / 2, bend: right - left, largest: Math.max(Math.abs(right), Math.abs(left)) } // prettier-ignore
  }
  const [near, far] = [sides(step), sides(3 * step)]
  const bound = agreement * Math.max(near.largest, far.largest)
  const isSmooth =
    Math.abs(near.slope - far.slope) <= bound && Math.abs(far.bend - 3 * near.bend) <= bound
  return isSmooth ? near.slope : null
}

/** The gradient of f at x, number by number; null where there is a kink. */
export function gradientOf(f: Scalar, x: NdArray): (number | null)[] {
  const nowhere = new Float64Array(x.data.length)
  return Array.from(x.data, (_, i) => slopeAlong(f, x, nowhere.with(i, 1)))
}
