/**
 * The rules a second time, in matrix form and double precision: slow, short, and written from the
 * formulas of the conventions without looking at how the compiler writes them.
 */

export interface ConvolutionCase {
  readonly channels: number
  readonly outputs: number
  readonly height: number
  readonly width: number
  readonly kernel: readonly [number, number]
  readonly strides: readonly [number, number]
  readonly dilations: readonly [number, number]
  /** top, left, bottom, right */
  readonly pads: readonly [number, number, number, number]
  readonly group: number
}

export function outputSize(c: ConvolutionCase): [number, number] {
  const along = (size: number, axis: 0 | 1): number => {
    const padded = size + c.pads[axis] + (c.pads[axis + 2] ?? 0)
    return Math.floor((padded - c.dilations[axis] * (c.kernel[axis] - 1) - 1) / c.strides[axis]) + 1
  }
  return [along(c.height, 0), along(c.width, 1)]
}

/** W[j][i] of z = W x + b, over flattened outputs and inputs; null where there is no connection. */
export function matrixOf(c: ConvolutionCase, weights: readonly number[]): (number | null)[][] {
  const [oh, ow] = outputSize(c)
  const perGroup = c.channels / c.group
  const rows: (number | null)[][] = []
  for (let o = 0; o < c.outputs; o++) {
    const g = Math.floor(o / (c.outputs / c.group))
    for (let y = 0; y < oh; y++) {
      for (let x = 0; x < ow; x++) {
        const row = Array<number | null>(c.channels * c.height * c.width).fill(null)
        for (let i = 0; i < perGroup; i++) {
          for (let ky = 0; ky < c.kernel[0]; ky++) {
            for (let kx = 0; kx < c.kernel[1]; kx++) {
              const iy = y * c.strides[0] - c.pads[0] + ky * c.dilations[0]
              const ix = x * c.strides[1] - c.pads[1] + kx * c.dilations[1]
              if (iy < 0 || ix < 0 || iy >= c.height || ix >= c.width) continue
              const at = ((o * perGroup + i) * c.kernel[0] + ky) * c.kernel[1] + kx
              row[((g * perGroup + i) * c.height + iy) * c.width + ix] = weights[at] ?? 0
            }
          }
        }
        rows.push(row)
      }
    }
  }
  return rows
}

const pos = (v: number): number => Math.max(v, 0)
const neg = (v: number): number => Math.min(v, 0)
const stab = (v: number, e = 1e-6): number => v + (v >= 0 ? e : -e)

/** One term of the numerator and, summed with `bias`, of the denominator, for one output neuron. */
interface Terms {
  readonly term: (a: number, w: number, i: number) => number
  readonly bias: (b: number) => number
  readonly epsilon?: number
  readonly weight?: number
}

export type TwinRule = (z: number) => readonly Terms[]

export const twins: Record<string, TwinRule> = {
  epsilon: () => [{ term: (a, w) => a * w, bias: (b) => b, epsilon: 0.01 }],
  zPlus: () => [{ term: (a, w) => pos(a) * pos(w) + neg(a) * neg(w), bias: pos }],
  alpha2beta1: () => [
    { term: (a, w) => pos(a) * pos(w) + neg(a) * neg(w), bias: pos, weight: 2 },
    { term: (a, w) => pos(a) * neg(w) + neg(a) * pos(w), bias: neg, weight: -1 },
  ],
  gamma: (z) => {
    const first = z > 0 ? pos : neg
    const second = z > 0 ? neg : pos
    return [
      {
        term: (a, w) => pos(a) * (w + 0.25 * first(w)) + neg(a) * (w + 0.25 * second(w)),
        bias: (b) => b + 0.25 * first(b),
      },
    ]
  },
  wSquare: () => [{ term: (_, w) => w * w, bias: (b) => b * b }],
  flat: () => [{ term: () => 1, bias: () => 0 }],
  zBox: () => [{ term: (a, w) => a * w + 2 * pos(w) - 1.5 * neg(w), bias: () => 0 }],
}

/** R_i = Σ_j Σ_parts weight · term_ij / stab(Σ_i term_ij + bias_j) · R_j */
export function twinRelevance(
  rule: TwinRule,
  matrix: readonly (readonly (number | null)[])[],
  bias: (output: number) => number,
  x: readonly number[],
  relevance: readonly number[],
): number[] {
  const result = x.map(() => 0)
  for (const [j, row] of matrix.entries()) {
    const b = bias(j)
    const z = row.reduce<number>((sum, w, i) => sum + (w ?? 0) * (x[i] ?? 0), b)
    for (const { term, bias: biasTerm, epsilon = 1e-6, weight = 1 } of rule(z)) {
      const terms = row.map((w, i) => (w === null ? 0 : term(x[i] ?? 0, w, i)))
      const denominator = stab(
        terms.reduce((sum, value) => sum + value, biasTerm(b)),
        epsilon,
      )
      for (const [i, value] of terms.entries()) {
        result[i] = (result[i] ?? 0) + ((weight * value) / denominator) * (relevance[j] ?? 0)
      }
    }
  }
  return result
}
