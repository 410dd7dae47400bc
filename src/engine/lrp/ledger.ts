import type { Ledger, LedgerEntry } from '../../shared/explanation/result'
import type { GraphBuilder } from './builder'
import type { Share, Shares } from './rules/rule'
import { nothing, ofRows, times, total, type LedgerSum } from './ledgerSum'
import { relevanceOf, type Signal } from './signal'
import { dotOver, sumOver } from './writtenSums'

/** A layer balances when what remains is below this share of the largest sum that took part. */
export const ledgerTolerance = 1e-4

/** relevanceOut, relevanceIn, bias, stabiliser, unexplained. */
const columnCount = 5

interface Row {
  readonly node: string
  readonly operator: string
  readonly rule: string
}

/** What a compiled graph's ledger output says: [rows, Σ lengths of the vectors]. */
export interface LedgerPlan {
  readonly rows: readonly Row[]
  /** `columnCount` for each row. */
  readonly cells: readonly LedgerSum[]
  /** Where each vector begins. */
  readonly offsets: ReadonlyMap<string, number>
}

/** What the ledger must know of the values that carry relevance. */
export interface AboutValues {
  /** Several consumers send relevance to it. */
  isShared(value: string): boolean
  /** The rule behind it makes the product R = factor · carrier anyway, so that a plain sum over it is cheapest. */
  isMultiplied(value: string): boolean
}

/**
 * Collects, while the backward pass is written, the sums that the compiled graph will put out: the vectors of
 * every row's sums, once each, a row for each sample or start. Where a network moves its samples away from the
 * first axis rows mix them; only their sum has a meaning then.
 */
export class LedgerWriter {
  readonly #rows: Row[] = []
  readonly #builder: GraphBuilder
  readonly #cells: LedgerSum[] = []
  readonly #sums = new Map<string, LedgerSum>()
  /** Sums that wait for what other consumers send, by the name that stands for them. */
  readonly #waiting = new Map<
    string,
    { readonly signal: Signal; readonly shape: readonly number[] }
  >()
  readonly #settled = new Map<string, LedgerSum>()
  readonly #about: AboutValues

  constructor(builder: GraphBuilder, about: AboutValues) {
    this.#builder = builder
    this.#about = about
  }

  /** Σ R. @param shape the value's own shape, for one start. */
  sum(signal: Signal, shape: readonly number[]): LedgerSum {
    const key = keyOf(signal)
    const known = this.#sums.get(key)
    if (known !== undefined) return known
    const waits = signal.carrier !== null && this.#about.isShared(signal.carrier)
    if (waits) this.#waiting.set(key, { signal, shape })
    // The key stands for the sum until it is settled.
    const sum = waits ? ofRows(key) : this.#made(signal, shape)
    this.#sums.set(key, sum)
    return sum
  }

  /**
   * Says that several signals have become one. The sum of the last of them is then that of all less those of
   * the others, so that nobody needs it by itself and it can be added where it is made.
   */
  combined(parts: readonly Signal[], whole: Signal, shape: readonly number[]): void {
    const { carrier } = whole
    if (carrier === null || parts.some((part) => part.carrier !== carrier)) return
    const last = parts.at(-1)
    const others = parts.slice(0, -1).map((part) => this.#sums.get(keyOf(part)))
    const asked = others.filter((sum) => sum !== undefined)
    if (!last || !this.#waiting.has(keyOf(last)) || asked.length < others.length) return
    const all = this.#about.isMultiplied(carrier)
      ? this.#made(whole, shape)
      : this.#alone(whole, shape)
    this.#sums.set(keyOf(whole), all)
    // Written here, where what they read has just been made.
    this.#settled.set(keyOf(last), total([all, times(this.#settle(total(asked)), -1)]))
  }

  /** In terms of values of the graph. */
  #settle(sum: LedgerSum): LedgerSum {
    return sum.flatMap((term) => {
      const waiting = this.#waiting.get(term.vector)
      if (!waiting) return [term]
      let settled = this.#settled.get(term.vector)
      if (!settled) {
        settled = this.#alone(waiting.signal, waiting.shape)
        this.#settled.set(term.vector, settled)
      }
      return times(this.#settle(settled), term.factor)
    })
  }

  /** Of relevance that a rule makes anyway; for several starts none does (see `quotient`). */
  #made(signal: Signal, shape: readonly number[]): LedgerSum {
    return this.#builder.starts > 1
      ? this.#alone(signal, shape)
      : sumOver(this.#builder, relevanceOf(this.#builder, signal), shape)
  }

  #alone(signal: Signal, shape: readonly number[]): LedgerSum {
    return signal.carrier === null
      ? sumOver(this.#builder, signal.factor, shape)
      : dotOver(this.#builder, signal.factor, signal.carrier, shape)
  }

  /** @param out Σ R at the layer's output, @param into Σ R at each of its inputs. */
  record(row: Row, out: LedgerSum, into: readonly LedgerSum[], shares: Shares): void {
    const share = (make: Share | undefined): LedgerSum => make?.() ?? nothing
    this.#rows.push(row)
    this.#cells.push(
      out,
      total(into),
      share(shares.bias),
      share(shares.stabiliser),
      share(shares.unexplained),
    )
  }

  /** Writes the ledger's output value; null when there is nothing to put out. */
  finish(): { readonly value: string; readonly plan: LedgerPlan } | null {
    const cells = this.#cells.map((cell) => this.#settle(cell))
    const offsets = new Map<string, number>()
    let offset = 0
    for (const { vector, length } of cells.flat()) {
      if (offsets.has(vector)) continue
      offsets.set(vector, offset)
      offset += length
    }
    if (offset === 0) return null
    return {
      value: this.#builder.reshape(this.#builder.concat([...offsets.keys()], 1), [
        this.#builder.rows,
        offset,
      ]),
      plan: { rows: this.#rows, cells, offsets },
    }
  }
}

function keyOf({ factor, carrier }: Signal): string {
  return `${factor}\n${carrier ?? ''}`
}

/**
 * A row of the ledger output, or the sum of several, as entries.
 * @param start Σ|start relevance|, the scale below which sums are noise.
 */
export function readLedger(
  { rows, cells, offsets }: LedgerPlan,
  values: Float32Array | Float64Array,
  start: number,
): LedgerEntry[] {
  const valueOf = (sum: LedgerSum): number => {
    let all = 0
    for (const { vector, length, factor, weights } of sum) {
      const offset = offsets.get(vector) ?? Number.NaN
      let of = 0
      for (let at = 0; at < length; at++) {
        of += (weights ? (weights[at] ?? Number.NaN) : 1) * (values[offset + at] ?? Number.NaN)
      }
      all += factor * of
    }
    return all
  }
  return rows.map((row, at) => {
    const cell = (column: number): number => valueOf(cells[at * columnCount + column] ?? nothing)
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
