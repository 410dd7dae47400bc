import type { Decision } from '../review/verdict'

/* The words in which a report speaks of a verdict: the same in the PDF and in the window's preview. */

export const decisionWords: Readonly<Record<Decision | 'none', string>> = {
  agree: '✓ Agrees with the model',
  disagree: '✗ Disagrees with the model',
  unsure: '? Unsure',
  none: '– Not judged',
}

/** For tables, where the column says the rest. */
export const decisionShort: Readonly<Record<Decision | 'none', string>> = {
  agree: '✓ Agrees',
  disagree: '✗ Disagrees',
  unsure: '? Unsure',
  none: '– Not judged',
}

const confidenceWords = ['guess', 'rather unsure', 'fairly sure', 'sure', 'certain'] as const

/** @param confidence 1…5, null when the reviewer said nothing. */
export function confidenceText(confidence: number | null): string {
  if (confidence === null) return 'Not stated'
  return `${confidence} of 5 (${confidenceWords[confidence - 1] ?? ''})`
}
