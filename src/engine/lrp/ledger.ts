import type { Ledger, LedgerEntry } from '../../shared/explanation/result'
import type { GraphBuilder } from './builder'
import type { Share, Shares } from './rules/rule'
import { sizeOf } from './network'
import type { Signal } from './signal'

/** A layer balances when what remains is below this share of the largest sum that took part. */
export const ledgerTolerance = 1e-4

const columns = ['relevanceOut', 'relevanceIn', 'bias', 'stabiliser', 'unexplained'] as const

interface Row {
  readonly node: string
  readonly operator: string
  readonly rule: string
}

/**
 * Collects, while the backward pass is written, the sums that the compiled graph will put out:
 * one column of numbers per layer and kind, [batch, 5 · layers].
 */
export class LedgerWriter {
  readonly rows: Row[] = []
  readonly #builder: GraphBuilder
  readonly #cells: string[] = []
  readonly #sums = new Map<string, string>()
  readonly #zero: string

  constructor(builder: GraphBuilder, batch: number) {
    this.#builder = builder
    this.#zero = builder.tensor(`ledger:zero:${batch}`, () => ({
      dims: [batch, 1],
      values: new Float32Array(batch),
    }))
  }

  /** Σ R per sample, [batch, 1]. */
  sum(signal: Signal, shape: readonly number[]): string {
    const key = `${signal.factor}\n${signal.carrier ?? ''}`
    const known = this.#sums.get(key)
    if (known !== undefined) return known
    const b = this.#builder
    const [batch = 1] = shape
    const count = sizeOf(shape) / batch
    let sum: string
    if (signal.carrier === null) {
      sum = b.reduceSum(b.reshape(signal.factor, [batch, count]), [1], true)
    } else {
      // A dot product reads both tensors once and writes nothing of their size.
      const product = b.op('MatMul', [
        b.reshape(signal.factor, [batch, 1, count]),
        b.reshape(signal.carrier, [batch, count, 1]),
      ])
      sum = b.reshape(product, [batch, 1])
    }
    this.#sums.set(key, sum)
    return sum
  }

  /** @param out Σ R at the layer's output, @param into Σ R at each of its inputs. */
  record(row: Row, out: string, into: readonly string[], shares: Shares): void {
    const share = (make: Share | undefined): string => make?.() ?? this.#zero
    this.rows.push(row)
    this.#cells.push(
      out,
      this.#builder.sum(into),
      share(shares.bias),
      share(shares.stabiliser),
      share(shares.unexplained),
    )
  }

  /** Writes the ledger's output value; null when no layer was recorded. */
  finish(): string | null {
    return this.#cells.length === 0 ? null : this.#builder.concat(this.#cells, 1)
  }
}

/**
 * The ledger output as entries, summed over the batch.
 * @param values [batch, 5 · rows]. @param start Σ|start relevance|, the scale below which sums are noise.
 */
export function readLedger(
  rows: readonly Row[],
  values: Float32Array,
  batch: number,
  start: number,
): LedgerEntry[] {
  const width = rows.length * columns.length
  return rows.map((row, at) => {
    const cell = (column: number): number => {
      let total = 0
      for (let sample = 0; sample < batch; sample++) {
        total += values[sample * width + at * columns.length + column] ?? 0
      }
      return total
    }
    return withResidual(
      {
        ...row,
        relevanceOut: cell(0),
        relevanceIn: cell(1),
        bias: cell(2),
        stabiliser: cell(3),
        unexplained: cell(4),
      },
      start,
    )
  })
}

type Sums = Omit<LedgerEntry, 'residual' | 'relativeResidual'>

/** What remains of a layer's sums, absolutely and against the largest of them (or the start). */
export function withResidual(sums: Sums, start: number): LedgerEntry {
  const { relevanceOut, relevanceIn, bias, stabiliser, unexplained } = sums
  const residual = relevanceOut - relevanceIn - bias - stabiliser - unexplained
  const largest = Math.max(
    ...[relevanceOut, relevanceIn, bias, stabiliser, unexplained, start].map(Math.abs),
    Number.MIN_VALUE,
  )
  return { ...sums, residual, relativeResidual: Math.abs(residual) / largest }
}

/** One line's worth: does it balance, and how far off is the worst layer. Not a number counts as not balanced. */
export function summariseLedger(entries: readonly LedgerEntry[]): Ledger {
  const residuals = entries.map((entry) => entry.relativeResidual)
  const largestResidual = residuals.some(Number.isNaN)
    ? Number.MAX_VALUE
    : Math.max(0, ...residuals)
  return {
    entries: [...entries],
    largestResidual,
    tolerance: ledgerTolerance,
    balanced: largestResidual <= ledgerTolerance,
  }
}
