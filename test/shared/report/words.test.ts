import { describe, expect, it } from 'vitest'
import { confidenceText } from '../../../src/shared/report/words'

describe('how sure, in words', () => {
  it.each([
    [null, 'Not stated'],
    [1, '1 of 5 (guess)'],
    [4, '4 of 5 (sure)'],
    [5, '5 of 5 (certain)'],
  ])('%s → %s', (confidence, words) => {
    expect(confidenceText(confidence)).toBe(words)
  })
})
