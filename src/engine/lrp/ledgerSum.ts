/**
 * A number of the ledger: Σ over terms of factor · Σ_j weight_j · v_j. The compiled graph puts the v out, sums
 * over positions mostly; weights such as biases, and all that is small, are added up outside, in float64.
 */
export type LedgerSum = readonly Term[]

interface Term {
  /** A value of the compiled graph: [rows, length, 1, 1], as pooling makes it. */
  readonly vector: string
  readonly length: number
  readonly factor: number
  /** One for each element; null where all are 1. */
  readonly weights: Float32Array | null
}

export const nothing: LedgerSum = []

/** Of one number for each row, [rows, 1, 1, 1]. */
export function ofRows(vector: string): LedgerSum {
  return [{ vector, length: 1, factor: 1, weights: null }]
}

export function total(sums: readonly LedgerSum[]): LedgerSum {
  return sums.flat()
}

export function times(sum: LedgerSum, factor: number): LedgerSum {
  return sum.map((term) => ({ ...term, factor: term.factor * factor }))
}
