import type { MethodName } from '../../../../src/shared/explanation/method'

/** z_j = Σ_i w_ji a_i + b_j, with the connections of each j listed. */
export interface Rows {
  readonly rows: readonly (readonly (readonly [input: number, weight: number])[])[]
  readonly bias: (output: number) => number
}

export interface Box {
  readonly low: readonly number[]
  readonly high: readonly number[]
}

const pos = (v: number): number => Math.max(v, 0)
const neg = (v: number): number => Math.min(v, 0)

interface Part {
  readonly term: (a: number, w: number, input: number) => number
  readonly bias: (b: number) => number
  /** Added to the denominator away from zero. */
  readonly epsilon: number
  readonly weight: number
}

const part = (
  term: Part['term'],
  bias: Part['bias'],
  weight = 1,
  epsilon = 1e-6,
): readonly Part[] => [{ term, bias, epsilon, weight }]

const zPlus = part((a, w) => pos(a) * pos(w) + neg(a) * neg(w), pos)

/** docs/conventions.md, "Rules"; the parts depend on the sign of z only for γ. */
const rules = {
  zero: () => part((a, w) => a * w, (b) => b, 1, 0), // prettier-ignore
  epsilon: () => part((a, w) => a * w, (b) => b), // prettier-ignore
  zPlus: () => zPlus,
  alpha2beta1: () => [
    ...part((a, w) => pos(a) * pos(w) + neg(a) * neg(w), pos, 2),
    ...part((a, w) => pos(a) * neg(w) + neg(a) * pos(w), neg, -1),
  ],
  flat: () => part(() => 1, () => 0), // prettier-ignore
  gamma: (z: number) => {
    if (z === 0) return []
    const [first, second] = z > 0 ? [pos, neg] : [neg, pos]
    const term = (a: number, w: number): number =>
      pos(a) * (w + 0.25 * first(w)) + neg(a) * (w + 0.25 * second(w))
    return part(term, (b) => b + 0.25 * first(b))
  },
} satisfies Record<string, (z: number) => readonly Part[]>

const zBox = ({ low, high }: Box): readonly Part[] =>
  part((a, w, i) => a * w - (low[i] ?? NaN) * pos(w) - (high[i] ?? NaN) * neg(w), () => 0) // prettier-ignore

export interface Place {
  readonly convolution: boolean
  readonly first: boolean
  readonly firstConvolution: boolean
}

/** Methods whose rules stand here. */
export type RuleMethod = Exclude<
  MethodName,
  | 'attn-lrp'
  | 'cp-lrp'
  | 'custom'
  | 'gradient'
  | 'input-x-gradient'
  | 'integrated-gradients'
  | 'smoothgrad'
  | 'guided-backprop'
  | 'deconvnet'
  | 'taylor'
  | 'occlusion'
>

/** docs/conventions.md, "Composites". */
function partsFor(method: RuleMethod, place: Place, box: Box | null) {
  const { convolution, first, firstConvolution } = place
  switch (method) {
    case 'zero':
      return rules.zero
    case 'epsilon':
      return rules.epsilon
    case 'epsilon-plus':
      return convolution ? rules.zPlus : rules.epsilon
    case 'epsilon-plus-flat':
      return first ? rules.flat : convolution ? rules.zPlus : rules.epsilon
    case 'epsilon-alpha2-beta1':
      return convolution ? rules.alpha2beta1 : rules.epsilon
    case 'epsilon-alpha2-beta1-flat':
      return first ? rules.flat : convolution ? rules.alpha2beta1 : rules.epsilon
    case 'epsilon-gamma-box':
      if (firstConvolution && box) return () => zBox(box)
      return convolution ? rules.gamma : rules.epsilon
    case 'excitation-backprop':
      return rules.zPlus
  }
}

/** R_i = Σ_j Σ_parts weight · term_ij / stab(Σ_i term_ij + bias_j) · R_j */
export function throughLinear(
  { rows, bias }: Rows,
  a: readonly number[],
  relevance: readonly number[],
  choice: { readonly method: RuleMethod; readonly place: Place; readonly box: Box | null },
): number[] {
  const parts = partsFor(choice.method, choice.place, choice.box)
  const result = a.map(() => 0)
  for (const [j, row] of rows.entries()) {
    const z = row.reduce((sum, [i, w]) => sum + w * (a[i] ?? NaN), bias(j))
    for (const { term, bias: biasTerm, epsilon, weight } of parts(z)) {
      const terms = row.map(([i, w]) => term(a[i] ?? NaN, w, i))
      const sum = terms.reduce((total, value) => total + value, biasTerm(bias(j)))
      const denominator = sum === 0 ? 1e-6 : sum + (sum > 0 ? epsilon : -epsilon)
      for (const [at, [i]] of row.entries()) {
        result[i] =
          (result[i] ?? 0) + ((weight * (terms[at] ?? NaN)) / denominator) * (relevance[j] ?? NaN)
      }
    }
  }
  return result
}

/** `norm`: R_i = Σ_j m_ij a_i R_j / stab(y_j), y_j = Σ_i m_ij a_i + b_j. */
export function throughNorm(
  layer: Rows,
  a: readonly number[],
  relevance: readonly number[],
): number[] {
  const place = { convolution: false, first: false, firstConvolution: false }
  return throughLinear(layer, a, relevance, { method: 'epsilon', place, box: null })
}
