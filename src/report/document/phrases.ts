import { colourMapById } from '../../shared/colour/maps'
import type {
  ClassScore,
  ExplanationResult,
  Ledger,
  LedgerEntry,
  Prediction,
} from '../../shared/explanation/result'
import {
  methodParametersSchema,
  type ExplanationSpec,
  type MethodParameters,
} from '../../shared/explanation/method'
import { noLedgerSentence } from '../../shared/explanation/noLedger'
import { standIns } from '../../shared/explanation/standIns'
import { formatRelevance, formatShare } from '../../shared/format/numbers'
import type { HeatmapView, RegionEvidence } from '../../shared/report/model'
import type { Geometry } from '../../shared/review/region'
import type { Verdict } from '../../shared/review/verdict'

export const researchUse = 'Research use, not a medical device.'

export const plausibleWords: Readonly<Record<NonNullable<Verdict['plausible']>, string>> = {
  yes: 'Yes',
  partly: 'Partly',
  no: 'No',
}

export const geometryWords: Readonly<Record<Geometry['kind'], string>> = {
  point: 'Point',
  rectangle: 'Rectangle',
  ellipse: 'Ellipse',
  polygon: 'Polygon',
  freehand: 'Freehand',
}

export function quoted(text: string): string {
  return `“${text}”`
}

/** The explained question in words: "Why A?" or "Why A and not B?". */
export function questionText(explained: ClassScore, against: ClassScore | null): string {
  return against
    ? `Why ${quoted(explained.label)} and not ${quoted(against.label)}?`
    : `Why ${quoted(explained.label)}?`
}

/** What positive (`for`) and negative (`against`) relevance speak for. */
export function evidenceWords(explained: ClassScore, against: ClassScore | null) {
  return against
    ? {
        for: `evidence for ${quoted(explained.label)} over ${quoted(against.label)}`,
        against: `evidence for ${quoted(against.label)} over ${quoted(explained.label)}`,
      }
    : {
        for: `evidence for ${quoted(explained.label)}`,
        against: `evidence against ${quoted(explained.label)}`,
      }
}

function count(amount: number, one: string, many: string): string {
  return `${amount} ${amount === 1 ? one : many}`
}

/**
 * What was looked at: the whole image, all its tiles, or one tile.
 * @param image its size in pixels
 */
export function scopeText(
  prediction: Prediction,
  image: { readonly width: number; readonly height: number },
): string {
  const { region, scope, tiling } = prediction
  const rectangle = `${region.width} × ${region.height} px at (${region.x}, ${region.y})`
  if (scope.kind === 'tile') return `One tile: ${rectangle}`
  if (!tiling) return 'The whole image, resized to the model’s input'
  const all = region.width >= image.width && region.height >= image.height
  return (
    `${count(tiling.count, 'tile', 'tiles')} of ${tiling.width} × ${tiling.height} px, ` +
    `${tiling.stride} px apart, averaged; they cover ${all ? 'the whole image' : rectangle}`
  )
}

function worst(entries: readonly LedgerEntry[]): LedgerEntry | undefined {
  return entries.toSorted((a, b) => b.relativeResidual - a.relativeResidual)[0]
}

/** One line that says whether the explanation adds up. */
export function ledgerText(
  result: Pick<ExplanationResult, 'ledger' | 'spec' | 'measures'>,
): string {
  const { ledger } = result
  if (!ledger) return `${noLedgerSentence(result)}.`
  const layers = count(ledger.entries.length, 'layer', 'layers')
  const numbers =
    `residual ${formatRelevance(ledger.largestResidual)}, ` +
    `tolerance ${formatRelevance(ledger.tolerance)}`
  if (ledger.balanced) return `✓ Relevance balances at all ${layers} (${numbers}).`
  const failing = ledger.entries.filter((entry) => entry.relativeResidual > ledger.tolerance).length
  const layer = worst(ledger.entries)
  return (
    `✗ Relevance does not balance at ${failing} of ${layers} (${numbers}` +
    `${layer ? `; worst at ${layer.node}` : ''}). Do not rely on this map.`
  )
}

/** Where the difference between the start relevance and the map's sum went. */
export function absorbedText(result: ExplanationResult): string {
  const { ledger } = result
  if (!ledger) return ''
  const total = (key: 'bias' | 'stabiliser' | 'unexplained') =>
    ledger.entries.reduce((sum, entry) => sum + entry[key], 0)
  return (
    `bias ${formatRelevance(total('bias'), { digits: 3 })}, ` +
    `stabiliser ${formatRelevance(total('stabiliser'), { digits: 3 })}, ` +
    `the rules themselves ${formatRelevance(total('unexplained'), { digits: 3 })}`
  )
}

/** "holds 31 % of the evidence for, 4 % against" */
export function evidenceText(evidence: RegionEvidence | undefined): string {
  if (!evidence) return 'No explanation'
  const { positiveShare, negativeShare } = evidence
  const positive =
    positiveShare === null
      ? 'the map has no evidence for'
      : `holds ${formatShare(positiveShare)} of the evidence for`
  const negative = negativeShare === null ? 'none against' : `${formatShare(negativeShare)} against`
  return `${positive}, ${negative}`
}

/** What the legend's numbers leave unsaid. */
export function viewText(view: HeatmapView): string {
  const ends =
    view.normalisation === 'percentile'
      ? 'The ends are the 99.5th percentile of |relevance|; larger values are clipped.'
      : 'The ends are the largest |relevance|.'
  const threshold =
    view.threshold > 0 ? ` Below ${formatShare(view.threshold)} of the range is hidden.` : ''
  const sign =
    view.sign === 'both'
      ? ''
      : ` Only ${view.sign === 'positive' ? 'evidence for' : 'evidence against'} is shown.`
  const { name, perceptual } = colourMapById(view.colourMap)
  const map = perceptual ? name : `${name} (not perceptual: equal steps do not look equal)`
  return `${ends}${threshold}${sign} Colours: ${map}; opacity ${formatShare(view.opacity)}.`
}

/** The method with everything that decides its numbers. */
export function methodText({ method, parameters, composite, missing }: ExplanationSpec): string {
  const parts = [
    composite ? `${method}, the composite “${composite.name}”` : method,
    parameterText(parameters),
    ...(missing === 'gradient' ? ['the gradient where a rule is missing'] : []),
  ]
  return parts.join(', ')
}

function parameterText(parameters: MethodParameters): string {
  const given = parameterPairs(parameters)
  return given.length === 0 ? 'default parameters' : given.join(', ')
}

/** `key=value` as the command line takes them. */
export function parameterPairs(parameters: MethodParameters): readonly string[] {
  return methodParametersSchema.keyof().options.flatMap((name) => {
    const value = parameters[name]
    return value === undefined ? [] : [`${name}=${[value].flat().join(',')}`]
  })
}

/** Where the gradient stood in for a rule; empty where it did nowhere. */
export function standInsText(ledger: Ledger | null): string {
  const nodes = standIns(ledger).map(({ node, operator }) => `${node} (${operator})`)
  const more = nodes.length > 8 ? ` and ${nodes.length - 8} more` : ''
  return nodes.length === 0
    ? ''
    : `The gradient stands in for a missing rule at ${nodes.slice(0, 8).join(', ')}${more}.`
}
