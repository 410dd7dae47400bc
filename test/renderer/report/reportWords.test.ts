import { describe, expect, it } from 'vitest'
import { confidenceText, decisionWords } from '../../../src/renderer/report/reportWords'
import {
  confidenceText as printedConfidence,
  decisionWords as printedDecisions,
} from '../../../src/report/document/phrases'

describe('the preview', () => {
  it('uses the words of the PDF', () => {
    expect(decisionWords).toEqual(printedDecisions)
    for (const value of [null, 1, 2, 3, 4, 5]) {
      expect(confidenceText(value)).toBe(printedConfidence(value))
    }
  })
})
