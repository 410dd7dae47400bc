import type { Geometry } from './geometry'

/** Pixels: an eighth of the shorter side, which leaves colours and no structure. */
export function strongBlur({ width, height }: Pick<Geometry, 'width' | 'height'>): number {
  return Math.max(1, Math.min(width, height) / 8)
}

/**
 * A Gaussian blur, row by row and then column by column: weights exp(−d²/2σ²) up to a distance of 3σ, over
 * the sum of those that lie inside the image.
 * @param sigma in pixels, above 0.
 */
export function blurred(sample: Float32Array, geometry: Geometry, sigma: number): Float32Array {
  const { channels, width, height, at } = geometry
  const weights = Array.from({ length: Math.ceil(3 * sigma) + 1 }, (_, distance) =>
    Math.exp(-(distance ** 2) / (2 * sigma ** 2)),
  )
  const out = new Float32Array(sample.length)
  for (let c = 0; c < channels; c++) {
    const plane = Float64Array.from(
      { length: width * height },
      (_, pixel) => sample[at(c, pixel)] ?? 0,
    )
    const rows = alongLines(plane, weights, { count: height, step: width }, { count: width, step: 1 }) // prettier-ignore
    const both = alongLines(rows, weights, { count: width, step: 1 }, { count: height, step: width }) // prettier-ignore
    for (const [pixel, value] of both.entries()) out[at(c, pixel)] = value
  }
  return out
}

interface Axis {
  readonly count: number
  readonly step: number
}

function alongLines(
  plane: Float64Array,
  weights: readonly number[],
  lines: Axis,
  line: Axis,
): Float64Array {
  const reach = weights.length - 1
  const out = new Float64Array(plane.length)
  for (let start = 0; start < lines.count; start++) {
    const first = start * lines.step
    for (let place = 0; place < line.count; place++) {
      let sum = 0
      let total = 0
      const end = Math.min(line.count - 1, place + reach)
      for (let other = Math.max(0, place - reach); other <= end; other++) {
        const weight = weights[Math.abs(other - place)] ?? 0
        sum += weight * (plane[first + other * line.step] ?? 0)
        total += weight
      }
      out[first + place * line.step] = sum / total
    }
  }
  return out
}
