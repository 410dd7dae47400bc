import { computedBy } from '../../shared/explanation/provider'
import { canonicalJson } from '../../shared/canonicalJson'
import { formatRelevance } from '../../shared/format/numbers'
import { measureTexts, noLedgerSentence } from '../../shared/explanation/noLedger'
import type { ExplanationResult, LedgerEntry } from '../../shared/explanation/result'
import { entrySentence, ledgerSentence } from '../review/ledgerWords'

/** The share of what a layer was given that each account holds, 0…1 and beyond where they cancel. */
export interface LedgerShares {
  readonly given: number
  readonly passed: number
  readonly bias: number
  readonly stabiliser: number
  readonly kept: number
  readonly residual: number
}

/** Lengths of a layer's bars: each account's magnitude over the largest of them all. */
export function ledgerShares(entry: LedgerEntry): LedgerShares {
  const { relevanceIn, bias, stabiliser, unexplained, residual, relevanceOut } = entry
  const whole = Math.max(
    ...[relevanceOut, relevanceIn, bias, stabiliser, unexplained, residual].map(Math.abs),
  )
  const share = (value: number) => (whole > 0 ? value / whole : 0)
  return {
    given: share(relevanceOut),
    passed: share(relevanceIn),
    bias: share(bias),
    stabiliser: share(stabiliser),
    kept: share(unexplained),
    residual: share(residual),
  }
}

/**
 * Where the start relevance ended up, in one sentence. Over a whole image of tiles the ledger is
 * the mean over the tiles, so it is compared with what reached a tile's pixels, not with the map's sum.
 */
export function sumSentence(result: ExplanationResult): string {
  const amount = (value: number) => formatRelevance(value, { digits: 4, signed: true })
  const { startRelevance, ledger, prediction } = result
  if (!ledger) {
    return `The map sums to ${amount(result.sumRelevance)}; this method does not distribute the logit.`
  }
  const kept = ledger.entries.reduce(
    (sum, { bias, stabiliser, unexplained, residual }) =>
      sum + bias + stabiliser + unexplained + residual,
    0,
  )
  const where = prediction.tiling ? 'Per tile, on average: ' : ''
  return `${where}${amount(startRelevance)} was given to the logits, ${amount(startRelevance - kept)} reached the pixels, ${amount(kept)} stayed in biases, stabilisers and rules.`
}

/** Everything in the ledger as plain text, for a note or an e-mail. */
export function ledgerText(result: ExplanationResult): string {
  const { ledger, model, input, conventions, versions, spec, explained, against } = result
  const lines = [
    'Conservation ledger',
    `model: ${model.name} ${model.version}, sha256 ${model.sha256}`,
    `image: sha256 ${input.sha256}, ${input.width} × ${input.height}`,
    `method: ${spec.method} ${JSON.stringify(spec.parameters)}, start ${spec.start}`,
    ...(spec.composite ? [`composite: ${canonicalJson(spec.composite)}`] : []),
    ...(spec.missing === 'gradient' ? ['where a rule is missing: the gradient'] : []),
    `class: ${explained.label}${against ? ` and not ${against.label}` : ''}`,
    sumSentence(result),
    ledger
      ? `${ledgerSentence(ledger)}; tolerance ${ledger.tolerance}`
      : `${noLedgerSentence(result)}.`,
    ...measureTexts(result),
    '',
    ['node', 'operator', 'rule', 'out', 'in', 'bias', 'stabiliser', 'unexplained', 'residual'].join(
      '\t',
    ),
    ...(ledger?.entries ?? []).map((entry) =>
      [
        entry.node,
        entry.operator,
        entry.rule,
        entry.relevanceOut,
        entry.relevanceIn,
        entry.bias,
        entry.stabiliser,
        entry.unexplained,
        entry.residual,
      ].join('\t'),
    ),
    '',
    ...(ledger?.entries ?? []).map(
      (entry) => `${entry.node}: ${entrySentence(entry, ledger?.tolerance ?? 0)}`,
    ),
    '',
    ...conventions.map(({ name, value }) => `${name}: ${value}`),
    `provider: ${computedBy(result)}`,
    ...result.notices,
    ...Object.entries(versions).map(([name, version]) => `${name} ${version}`),
  ]
  return lines.join('\n')
}
