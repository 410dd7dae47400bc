import type { Ledger, LedgerEntry } from './result'

/** The layers at which the gradient stood in for a missing rule, as the ledger marks them. */
export function standIns(ledger: Ledger | null): readonly LedgerEntry[] {
  return ledger?.entries.filter(isStandIn) ?? []
}

export function isStandIn({ rule }: Pick<LedgerEntry, 'rule'>): boolean {
  return rule === 'gradient'
}

/** `the gradient at 2 nodes without a rule`; empty where every node has one. */
export function standInText(ledger: Ledger | null): string {
  const count = standIns(ledger).length
  if (count === 0) return ''
  return `the gradient at ${count === 1 ? 'one node' : `${count} nodes`} without a rule`
}
