import { describe, expect, it } from 'vitest'
import { explanationSpecSchema, type MethodName } from '../../../src/shared/explanation/method'
import { measureTexts, noLedgerSentence } from '../../../src/shared/explanation/noLedger'

const answer = (method: MethodName, name?: string) => ({
  spec: explanationSpecSchema.parse({
    ...{ method, parameters: {}, target: { kind: 'top' }, start: 'logit' },
    scope: { kind: 'whole' },
  }),
  measures: [
    { name: 'score of the input, f(x)', value: 5.25 },
    ...(name === undefined ? [] : [{ name, value: -0.125 }]),
  ],
})

describe('what a method without a ledger says of itself', () => {
  it.each([
    ['gradient', undefined, 'Gradients measure sensitivity; they keep no ledger'],
    ['occlusion', undefined, 'Occlusion measures the score itself; it keeps no ledger'],
    [
      'integrated-gradients',
      'completeness residual, Σ R − (f(x) − f(b))',
      'The map’s sum misses the change of the score by −0.13; no ledger is kept',
    ],
    [
      'taylor',
      'remainder, f(x) − f(x₀) − Σ R',
      'The first order leaves a remainder of −0.13; no ledger is kept',
    ],
    // Older results state no measures.
    ['taylor', undefined, 'Gradients measure sensitivity; they keep no ledger'],
  ] as const)('%s %s', (method, measure, sentence) => {
    expect(noLedgerSentence(answer(method, measure))).toBe(sentence)
  })

  it('lists its numbers', () => {
    expect(measureTexts(answer('taylor'))).toEqual(['score of the input, f(x): 5.250'])
    expect(measureTexts({})).toEqual([])
  })
})
