import { expect } from 'vitest'
import { summariseLedger } from '../../../../src/engine/lrp/explainer'
import type { Explanation } from '../../../../src/engine/lrp/explainerTypes'

/**
 * The relevance is there and finite, every layer balances, and over the whole network
 * Σ R at the input = start − Σ bias − Σ stabiliser − Σ unexplained.
 * @param layers how many entries the ledger has at least.
 */
export function expectAccountsToAddUp(explanation: Explanation, layers: number): void {
  const { relevance, startRelevance, ledger } = explanation
  expect(relevance.every(Number.isFinite)).toBe(true)
  expect(relevance.some((value) => value !== 0)).toBe(true)
  const { entries, balanced } = summariseLedger(ledger ?? [])
  expect(entries.length).toBeGreaterThanOrEqual(layers)
  const unbalanced = entries.filter(({ relativeResidual }) => !(relativeResidual <= 1e-4))
  expect(unbalanced).toEqual([])
  expect(balanced).toBe(true)
  const kept = entries.reduce(
    (sum, { bias, stabiliser, unexplained }) => sum + bias + stabiliser + unexplained,
    0,
  )
  const start = startRelevance.reduce((sum, value) => sum + value, 0)
  const arrived = relevance.reduce((sum, value) => sum + value, 0)
  const largest = Math.max(...entries.map(({ relevanceOut }) => Math.abs(relevanceOut)))
  expect(Math.abs(start - kept - arrived) / largest).toBeLessThan(1e-4)
}
