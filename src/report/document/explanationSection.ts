import { computedBy } from '../../shared/explanation/provider'
import type { CustomComposite } from '../../shared/explanation/composite'
import { compositeJson, compositeLines } from '../../shared/explanation/compositeWords'
import { keepsLedger } from '../../shared/explanation/method'
import { measureTexts } from '../../shared/explanation/noLedger'
import type { ExplanationResult } from '../../shared/explanation/result'
import { formatDuration, formatProbability, formatRelevance } from '../../shared/format/numbers'
import type { ReportImage, ReportModel } from '../../shared/report/model'
import type { Block } from './blocks'
import { compositeFileName, recomputeCommand } from './command'
import {
  absorbedText,
  ledgerText,
  methodText,
  questionText,
  scopeText,
  standInsText,
} from './phrases'
import { sectionHeading as heading } from './sectionHeading'

type Explanation = NonNullable<ReportImage['explanation']>

/** What the model said of an image and why: predictions, the question, whether the answer adds up. */
export function explanationBlocks({ result }: Explanation, image: ReportImage): readonly Block[] {
  const { explained, against, prediction, spec } = result
  const standIns = standInsText(result.ledger)
  const numbers = measureTexts(result).join('; ')
  const isExplained = (index: number) => index === explained.index
  return [
    heading('The model says'),
    {
      kind: 'table',
      columns: [
        { title: 'Class', width: 40, align: 'left' },
        { title: '', width: 28, align: 'left' },
        { title: 'Probability', width: 13, align: 'right' },
        { title: 'Logit', width: 12, align: 'right' },
        { title: '', width: 12, align: 'left' },
      ],
      rows: prediction.top.map((score) => [
        score.label,
        { share: score.probability },
        formatProbability(score.probability),
        formatRelevance(score.logit, { digits: 3 }),
        isExplained(score.index)
          ? 'explained'
          : score.index === against?.index
            ? 'held against'
            : '',
      ]),
    },
    heading('Why'),
    {
      kind: 'fields',
      rows: [
        { label: 'Question', value: questionText(explained, against), style: 'strong' },
        { label: 'Does it add up', value: ledgerText(result), style: 'strong' },
        { label: 'Looked at', value: scopeText(prediction, image) },
        { label: 'Method', value: methodText(spec) },
        ...(spec.composite ? [{ label: 'Rules', value: rulesText(spec.composite) }] : []),
        ...(standIns === '' ? [] : [{ label: 'Without a rule', value: standIns }]),
        {
          label: 'Relevance',
          value: relevanceText(result),
        },
        ...(numbers === '' ? [] : [{ label: 'Numbers', value: numbers }]),
        ...(result.ledger ? [{ label: 'Absorbed by', value: absorbedText(result) }] : []),
      ],
    },
  ]
}

/** `the first layer: flat; convolutions: alphaBeta 2, 1` */
function rulesText(composite: CustomComposite): string {
  return compositeLines(composite)
    .map(([layers, rule]) => `${layers}: ${rule}`)
    .join('; ')
}

function relevanceText(result: ExplanationResult): string {
  const sum = formatRelevance(result.sumRelevance, { digits: 4 })
  const { tiling } = result.prediction
  // A mean over tiles is spread over the whole image: its sum is not that of one tile.
  return tiling && tiling.count > 1
    ? `${startText(result)} (mean over the tiles); the map of all tiles sums to ${sum}`
    : `${startText(result)}; the map sums to ${sum}`
}

function startText({ spec, startRelevance, against }: ExplanationResult): string {
  const start = formatRelevance(startRelevance, { digits: 4 })
  // Gradients always start so; the choice is one of relevance propagation.
  if (spec.start === 'unit' || !keepsLedger(spec.method))
    return `starts with 1 for the class (${start} in all)`
  return `starts with the ${against ? 'difference of the logits' : 'logit'}, ${start}`
}

/** The conservation ledger, one row a layer; nothing for methods that keep none. */
export function ledgerBlocks({ ledger }: ExplanationResult): readonly Block[] {
  if (!ledger) return []
  const number = (value: number) => formatRelevance(value, { digits: 3 })
  return [
    heading('Ledger, layer by layer'),
    {
      kind: 'table',
      columns: [
        { title: 'Layer', width: 30, align: 'left' },
        { title: 'Rule', width: 15, align: 'left' },
        { title: 'Out', width: 9, align: 'right' },
        { title: 'In', width: 9, align: 'right' },
        { title: 'Bias', width: 12, align: 'right' },
        { title: 'Stabiliser', width: 12, align: 'right' },
        { title: 'Rule itself', width: 12, align: 'right' },
        { title: 'Residual', width: 12, align: 'right' },
      ],
      rows: ledger.entries.map((entry) => [
        entry.node.includes(entry.operator) ? entry.node : `${entry.node} (${entry.operator})`,
        entry.rule,
        number(entry.relevanceOut),
        number(entry.relevanceIn),
        formatRelevance(entry.bias),
        formatRelevance(entry.stabiliser),
        formatRelevance(entry.unexplained),
        `${entry.relativeResidual > ledger.tolerance ? '✗ ' : ''}${formatRelevance(entry.residual)}`,
      ]),
    },
    {
      kind: 'paragraph',
      text:
        'Out is the relevance a layer was given to distribute, in what it passed on to its inputs: ' +
        'out = in + bias + stabiliser + rule itself + residual. In units of relevance.',
      tone: 'quiet',
    },
  ]
}

/** The command and the hashes with which anyone computes the explanation again. */
export function identityBlocks(model: ReportModel, image: ReportImage): readonly Block[] {
  const command = recomputeCommand(model, image)
  const { explanation } = image
  return [
    heading('To compute it again'),
    ...(command === null ? [] : [{ kind: 'code', text: command } as const]),
    ...compositeBlocks(explanation),
    {
      kind: 'fields',
      rows: [
        { label: 'Image sha256', value: image.sha256, style: 'hash' },
        ...(explanation
          ? ([
              { label: 'Relevance sha256', value: explanation.relevanceSha256, style: 'hash' },
              {
                label: 'Relevance',
                value: `float32, little-endian, ${explanation.result.shape.join(' × ')}`,
              },
              { label: 'Computed by', value: computedText(explanation.result) },
            ] as const)
          : []),
      ],
    },
  ]
}

/** The rules' file, without which the command would have nothing to read. */
function compositeBlocks(explanation: Explanation | null): readonly Block[] {
  const composite = explanation?.result.spec.composite
  if (!composite) return []
  return [
    {
      kind: 'paragraph',
      text: `The rules, to be saved as ${compositeFileName}; they stand in the JSON beside this report as well.`,
      tone: 'quiet',
    },
    { kind: 'code', text: compositeJson(composite) },
  ]
}

function computedText(result: ExplanationResult): string {
  const { milliseconds, notices } = result
  const times =
    `compile ${formatDuration(milliseconds.compile)}, forward ${formatDuration(milliseconds.forward)}, ` +
    `explanation ${formatDuration(milliseconds.explanation)}`
  return [`${computedBy(result)}; ${times}`, ...notices].join('. ')
}
