import type { LedgerEntry } from '../../shared/explanation/result'

type Amounts = 'relevanceOut' | 'relevanceIn' | 'bias' | 'stabiliser' | 'unexplained' | 'residual'
const amounts: readonly Amounts[] = [
  'relevanceOut',
  'relevanceIn',
  'bias',
  'stabiliser',
  'unexplained',
  'residual',
]

/**
 * The mean ledger over samples, from ledgers that are sums over batches of them. The balance is linear,
 * so the mean balances where its parts do; relativeResidual is the worst of any batch, never averaged away.
 */
export interface LedgerMean {
  add(entries: readonly LedgerEntry[]): void
  /** @param count samples, not batches. */
  mean(count: number): LedgerEntry[]
}

export function ledgerMean(): LedgerMean {
  let sums: LedgerEntry[] = []
  return {
    add(entries) {
      sums = entries.map((entry, i) => {
        const sum = sums[i]
        return sum ? merge(sum, entry) : entry
      })
    },
    mean: (count) => sums.map((sum) => mapAmounts(sum, (key) => sum[key] / count)),
  }
}

function merge(a: LedgerEntry, b: LedgerEntry): LedgerEntry {
  return {
    ...mapAmounts(a, (key) => a[key] + b[key]),
    relativeResidual: Math.max(a.relativeResidual, b.relativeResidual),
  }
}

function mapAmounts(entry: LedgerEntry, value: (key: Amounts) => number): LedgerEntry {
  return { ...entry, ...Object.fromEntries(amounts.map((key) => [key, value(key)])) }
}
