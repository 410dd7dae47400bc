import { formatRelevance, superscript } from '../../shared/format/numbers'
import type { Ledger, LedgerEntry } from '../../shared/explanation/result'

/** A residual as it is read: `2·10⁻⁶`. */
export function residualText(value: number): string {
  if (!(value > 0)) return '0'
  const power = Math.floor(Math.log10(value))
  const digit = Math.round(value / 10 ** power)
  return digit === 10 ? `1·10${superscript(power + 1)}` : `${digit}·10${superscript(power)}`
}

export function worstEntry(ledger: Ledger): LedgerEntry | null {
  return ledger.entries.toSorted((a, b) => b.relativeResidual - a.relativeResidual)[0] ?? null
}

/** The ledger in one sentence. */
export function ledgerSentence(ledger: Ledger): string {
  const count = ledger.entries.length
  const residual = residualText(ledger.largestResidual)
  if (ledger.balanced) {
    const where = count === 1 ? 'at its one layer' : `at all ${count} layers`
    return `Relevance balances ${where} (${residual})`
  }
  const worst = worstEntry(ledger)
  return `Relevance does not balance: ${residual} is unaccounted for at ${worst?.node ?? 'a layer'}`
}

/** One layer in words: what it was given, where it went. */
export function entrySentence(entry: LedgerEntry, tolerance: number): string {
  const amount = (value: number) => formatRelevance(value, { digits: 3, signed: true })
  const parts = [
    `Was given ${amount(entry.relevanceOut)}`,
    `passed on ${amount(entry.relevanceIn)}`,
    entry.bias === 0 ? '' : `bias ${amount(entry.bias)}`,
    entry.stabiliser === 0 ? '' : `stabiliser ${amount(entry.stabiliser)}`,
    entry.unexplained === 0 ? '' : `kept by the rule ${amount(entry.unexplained)}`,
  ]
  const balance =
    entry.relativeResidual <= tolerance
      ? 'balances'
      : `${amount(entry.residual)} is unaccounted for`
  return `${parts.filter((part) => part !== '').join(', ')}; ${balance}.`
}
