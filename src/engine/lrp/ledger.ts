import type { Ledger, LedgerEntry } from '../../shared/explanation/result'
import type { GraphBuilder } from './builder'
import type { Share, Shares } from './rules/rule'
import { sizeOf } from './network'
import { relevanceOf, type Signal } from './signal'

/** A layer balances when what remains is below this share of the largest sum that took part. */
export const ledgerTolerance = 1e-4

/** relevanceOut, relevanceIn, bias, stabiliser, unexplained. */
const columnCount = 5

interface Row {
  readonly node: string
  readonly operator: string
  readonly rule: string
}

/**
 * Collects, while the backward pass is written, the sums that the compiled graph will put out:
 * one number per layer and kind, a row for each sample or start: [rows, 5 · layers]. Where a network moves
 * its samples away from the first axis rows mix them; only their sum has a meaning then.
 */
export class LedgerWriter {
  readonly rows: Row[] = []
  readonly #builder: GraphBuilder
  readonly #cells: string[] = []
  readonly #sums = new Map<string, string>()
  readonly #zero: string

  readonly #isMade: (value: string) => boolean

  /**
   * @param isMade whether a rule makes the relevance at a value as one tensor anyway, so that a plain sum
   *   over it is cheaper than a dot product.
   */
  constructor(builder: GraphBuilder, isMade: (value: string) => boolean) {
    this.#builder = builder
    this.#isMade = isMade
    const { rows } = builder
    this.#zero = builder.tensor('ledger:zero', () => ({
      dims: [rows, 1],
      values: new Float32Array(rows),
    }))
  }

  /** Σ R, [rows, 1]. @param shape the value's own shape, for one start. */
  sum(signal: Signal, shape: readonly number[]): string {
    const key = `${signal.factor}\n${signal.carrier ?? ''}`
    const known = this.#sums.get(key)
    if (known !== undefined) return known
    const sum =
      signal.carrier === null || this.#builder.starts > 1 || this.#isMade(signal.carrier)
        ? this.#sumOf(relevanceOf(this.#builder, signal), shape)
        : this.#dot(signal.factor, signal.carrier, shape)
    this.#sums.set(key, sum)
    return sum
  }

  #sumOf(relevance: string, shape: readonly number[]): string {
    const b = this.#builder
    const size = (sizeOf(shape) * b.starts) / b.rows
    return b.reduceSum(b.reshape(relevance, [b.rows, size]), [1], true)
  }

  /**
   * Σ factor · carrier of one start without making the product. A row times a row, transposed, is ONNX
   * Runtime's fastest dot product, ten times faster than a row times a column, but slow for several rows. A
   * batch has one sum, shared out evenly.
   */
  #dot(factor: string, carrier: string, shape: readonly number[]): string {
    const b = this.#builder
    const size = sizeOf(shape)
    const dot = b.gemm(b.reshape(factor, [1, size]), b.reshape(carrier, [1, size]), null, true)
    if (b.rows === 1) return dot
    const even = b.tensor(`even:${b.rows}`, () => ({
      dims: [b.rows, 1],
      values: new Float32Array(b.rows).fill(1 / b.rows),
    }))
    return b.mul(dot, even)
  }

  /** @param out Σ R at the layer's output, @param into Σ R at each of its inputs. */
  record(row: Row, out: string, into: readonly string[], shares: Shares): void {
    const share = (make: Share | undefined): string => make?.() ?? this.#zero
    this.rows.push(row)
    this.#cells.push(
      out,
      into.length === 0 ? this.#zero : this.#builder.sum(into),
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
 * A row of the ledger output, or the sum of several, as entries.
 * @param values [5 · rows]. @param start Σ|start relevance|, the scale below which sums are noise.
 */
export function readLedger(
  rows: readonly Row[],
  values: Float32Array | Float64Array,
  start: number,
): LedgerEntry[] {
  return rows.map((row, at) => {
    const cell = (column: number): number => values[at * columnCount + column] ?? 0
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
