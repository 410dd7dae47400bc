import { formatRelevance } from '../../shared/format/numbers'
import { standInText } from '../../shared/explanation/standIns'
import type { ExplanationResult } from '../../shared/explanation/result'
import type { ReportImage, ReportModel } from '../../shared/report/model'
import type { Decision } from '../../shared/review/verdict'
import { methodWords } from '../review/methodWords'

/* The preview says what the PDF says, in its order and its words. */

/** `3 agreed, 1 disagreed, 0 unsure, 2 not judged` */
export function verdictCounts(images: readonly ReportImage[]): string {
  const count = (decision: Decision | null) =>
    images.filter(({ review }) => review.verdict.decision === decision).length
  return `${count('agree')} agreed, ${count('disagree')} disagreed, ${count('unsure')} unsure, ${count(null)} not judged`
}

export function auditText({ audit }: ReportModel): string {
  const { entries, intact } = audit
  if (entries === 0) return 'No entries'
  const chain = intact ? '✓ chain intact' : '✗ chain broken: entries were changed or removed'
  return `${entries} ${entries === 1 ? 'entry' : 'entries'}, ${chain}`
}

/** `Why “A”?`, `Why “A” and not “B”?` */
export function questionText({ explained, against }: ExplanationResult): string {
  return against
    ? `Why “${explained.label}” and not “${against.label}”?`
    : `Why “${explained.label}”?`
}

/** What was looked at: the whole image, its tiles, or one of them. */
export function scopeText({ prediction }: ExplanationResult): string {
  const { region, scope, tiling } = prediction
  if (scope.kind === 'tile') {
    return `One tile: ${region.width} × ${region.height} px at (${region.x}, ${region.y})`
  }
  if (!tiling) return 'The whole image, resized to the model’s input'
  const tiles = tiling.count === 1 ? 'tile' : 'tiles'
  return `${tiling.count} ${tiles} of ${tiling.width} × ${tiling.height} px, ${tiling.stride} px apart, averaged`
}

/** `Rules from a file “γ early”, with the gradient at one node without a rule` */
export function methodText({ spec, ledger }: ExplanationResult): string {
  const { label } = methodWords[spec.method]
  const by = spec.composite ? `${label}: “${spec.composite.name}”` : label
  const standIn = standInText(ledger)
  return standIn === '' ? by : `${by}, with ${standIn}`
}

/** What the map starts with and what it sums to. */
export function relevanceText(result: ExplanationResult): string {
  const start = formatRelevance(result.startRelevance, { digits: 4 })
  const sum = formatRelevance(result.sumRelevance, { digits: 4 })
  const { tiling } = result.prediction
  return tiling && tiling.count > 1
    ? `starts with ${start} (mean over the tiles); the map of all tiles sums to ${sum}`
    : `starts with ${start}; the map sums to ${sum}`
}
