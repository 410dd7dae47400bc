import { counted } from '../shared/counted'
import { standInText } from '../shared/explanation/standIns'
import { computedBy } from '../shared/explanation/provider'
import type {
  ClassScore,
  ExplanationResult,
  Ledger,
  Prediction,
} from '../shared/explanation/result'
import { formatProbability, formatRelevance } from '../shared/format/numbers'
import { formatTable, printable } from './table'

export function describePrediction(prediction: Prediction): string {
  return formatTable(
    [
      { title: 'class', align: 'right' },
      { title: 'label', align: 'left' },
      { title: 'probability', align: 'right' },
      { title: 'logit', align: 'right' },
    ],
    prediction.top.map((score) => [
      String(score.index),
      score.label,
      plainSpaces(formatProbability(score.probability)),
      plainSpaces(formatRelevance(score.logit, { digits: 4 })),
    ]),
  )
}

/** The prediction with what computed it. */
export function describeClassification(prediction: Prediction): string {
  const provider = `Provider ${computedBy(prediction)}; forward ${time(prediction.forwardMs)}`
  const lines = [provider, ...prediction.notices]
  return `${describePrediction(prediction)}\n${lines.join('\n')}\n`
}

/** One line a class; the prediction stands above them. */
export function describeExplanations(
  results: readonly ExplanationResult[],
  sharedRun: boolean,
): string {
  const [first] = results
  if (!first) return ''
  const table = formatTable(
    [
      { title: 'explained', align: 'left' },
      { title: 'logit', align: 'right' },
      { title: 'start', align: 'right' },
      { title: 'Σ relevance', align: 'right' },
      { title: 'ledger', align: 'left' },
    ],
    results.map(({ explained, against, startRelevance, sumRelevance, ledger }) => [
      `${explained.index} “${explained.label}”${against ? ` and not ${against.index} “${against.label}”` : ''}`,
      number(explained.logit),
      number(startRelevance),
      number(sumRelevance),
      ledger ? ledgerText(ledger) : 'none',
    ]),
  )
  const way = sharedRun ? 'in one run' : 'one after another'
  const lines = [
    `${counted(results.length, 'class')} by ${methodText(first)}, ${way}`,
    `Provider ${computedBy(first)}`,
    ...first.notices,
  ]
  return `${describePrediction(first.prediction)}\n${table}${lines.join('\n')}\n`
}

export function describeExplanation(result: ExplanationResult): string {
  const { ledger, against, spec } = result
  const question = against
    ? `${named(result.explained)} and not ${named(against)}`
    : named(result.explained)
  const lines = [
    `Explained: ${question}, by ${methodText(result)}`,
    `Start relevance ${number(result.startRelevance)}, sum of relevance ${number(result.sumRelevance)}`,
    ledger
      ? `Ledger: ${ledgerText(ledger)}`
      : `Ledger: none, ${spec.method} does not distribute relevance`,
    ...measureLines(result),
    `Provider ${computedBy(result)}; compile ${time(result.milliseconds.compile)}, forward ${time(result.milliseconds.forward)}, explanation ${time(result.milliseconds.explanation)}`,
    ...result.notices,
  ]
  return `${describePrediction(result.prediction)}\n${lines.join('\n')}\n`
}

/** `custom “γ early”, with the gradient at one node without a rule` */
function methodText({ spec, ledger }: ExplanationResult): string {
  const by = spec.composite ? `${spec.method} “${printable(spec.composite.name)}”` : spec.method
  const standIn = standInText(ledger)
  return standIn === '' ? by : `${by}, with ${standIn}`
}

/** What the method states of itself, one number a line. */
function measureLines({ measures = [], prediction: { tiling } }: ExplanationResult): string[] {
  const count = tiling?.count ?? 1
  return measures.map(
    ({ name, value }) =>
      `  ${name}: ${number(value)}${count > 1 ? ` (mean over ${count} tiles)` : ''}`,
  )
}

function ledgerText({ balanced, entries, largestResidual }: Ledger): string {
  return `${balanced ? 'balances' : 'does not balance'} at ${entries.length} layers, largest residual ${largestResidual.toExponential(1)}`
}

function named(score: ClassScore): string {
  return `${score.index} “${printable(score.label)}” (logit ${number(score.logit)})`
}

function number(value: number): string {
  return plainSpaces(formatRelevance(value, { digits: 4 }))
}

function time(milliseconds: number): string {
  return `${milliseconds.toFixed(1)} ms`
}

/** Terminals align by plain spaces only. */
export function plainSpaces(text: string): string {
  return text.replaceAll('\u00a0', ' ')
}
