import { formatRelevance } from '../format/numbers'
import type { ExplanationResult } from './result'

type Answer = Pick<ExplanationResult, 'spec' | 'measures'>

/** What a method without a ledger says of how far its map can be trusted, in one sentence. */
export function noLedgerSentence({ spec, measures = [] }: Answer): string {
  const { method } = spec
  if (method === 'occlusion') return 'Occlusion measures the score itself; it keeps no ledger'
  const off = measures.find(({ name }) => accounts.some((account) => name.startsWith(account)))
  if (!off) return 'Gradients measure sensitivity; they keep no ledger'
  const amount = formatRelevance(off.value, { digits: 2, signed: true })
  return method === 'taylor'
    ? `The first order leaves a remainder of ${amount}; no ledger is kept`
    : `The map’s sum misses the change of the score by ${amount}; no ledger is kept`
}

/** How the measures that say what is not accounted for begin. */
const accounts = ['completeness residual', 'remainder'] as const

/** `score of the input, f(x): 5.21` */
export function measureTexts({ measures = [] }: Pick<Answer, 'measures'>): readonly string[] {
  return measures.map(({ name, value }) => `${name}: ${formatRelevance(value, { digits: 4 })}`)
}
