import type { ExplanationResult } from '../../shared/explanation/result'
import {
  formatDuration,
  formatProbability,
  formatRelevance,
  formatShare,
} from '../../shared/format/numbers'
import type { ReportImage, ReportModel } from '../../shared/report/model'
import type { Block, FigureBlock } from './blocks'
import { recomputeCommand } from './command'
import {
  absorbedText,
  confidenceText,
  decisionWords,
  evidenceText,
  evidenceWords,
  geometryWords,
  ledgerText,
  parameterText,
  plausibleWords,
  questionText,
  quoted,
  scopeText,
  viewText,
} from './phrases'

type Explanation = NonNullable<ReportImage['explanation']>

/** Everything about one image: figure, the model's word, the reason, the regions, the verdict, the ledger. */
export function imageBlocks(
  model: ReportModel,
  image: ReportImage,
  number: number,
): readonly Block[] {
  const { explanation } = image
  return [
    {
      kind: 'heading',
      level: 1,
      text: `${number}  ${image.name}`,
      aside: decisionWords[image.review.verdict.decision ?? 'none'],
      startsPage: true,
    },
    figure(image),
    ...(explanation ? explanationBlocks(explanation, image) : notExplained),
    ...regionBlocks(image),
    ...verdictBlocks(model, image),
    ...(explanation ? ledgerBlocks(explanation.result) : []),
    ...identityBlocks(model, image),
  ]
}

const notExplained: readonly Block[] = [
  heading('The model says'),
  {
    kind: 'paragraph',
    text: 'This image was not explained before the report was written.',
    tone: 'quiet',
  },
]

function heading(text: string, aside = ''): Block {
  return { kind: 'heading', level: 2, text, aside, startsPage: false }
}

function figure(image: ReportImage): FigureBlock {
  const { explanation, review } = image
  const heatmap = explanation && {
    shape: explanation.result.shape,
    region: explanation.result.region,
    relevanceSha256: explanation.relevanceSha256,
    view: explanation.view,
    ...evidenceWords(explanation.result.explained, explanation.result.against),
    ends: [
      formatRelevance(-explanation.view.range),
      formatRelevance(explanation.view.range, { signed: true }),
    ] as const,
    note: viewText(explanation.view),
  }
  const regions = review.regions.length
  return {
    kind: 'figure',
    imageId: image.id,
    sha256: image.sha256,
    width: image.width,
    height: image.height,
    outlines: review.regions.map((region, index) => ({
      number: index + 1,
      geometry: region.geometry,
      colour: region.colour,
    })),
    heatmap,
    alt:
      `${image.name}, ${image.width} × ${image.height} px` +
      (explanation
        ? `, with the relevance heatmap for ${quoted(explanation.result.explained.label)}`
        : '') +
      (regions > 0 ? `, ${regions} outlined ${regions === 1 ? 'region' : 'regions'}` : ''),
  }
}

function explanationBlocks({ result }: Explanation, image: ReportImage): readonly Block[] {
  const { explained, against, prediction, spec } = result
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
        { label: 'Does it add up', value: ledgerText(result.ledger), style: 'strong' },
        { label: 'Looked at', value: scopeText(prediction, image) },
        { label: 'Method', value: `${spec.method} ${parameterText(spec.parameters)}` },
        {
          label: 'Relevance',
          value: relevanceText(result),
        },
        ...(result.ledger ? [{ label: 'Absorbed by', value: absorbedText(result) }] : []),
      ],
    },
  ]
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
  if (spec.start === 'unit') return `starts with 1 for the class (${start} in all)`
  return `starts with the ${against ? 'difference of the logits' : 'logit'}, ${start}`
}

function regionBlocks(image: ReportImage): readonly Block[] {
  const { regions } = image.review
  if (regions.length === 0) {
    return [
      heading('Regions'),
      { kind: 'paragraph', text: 'No regions were marked.', tone: 'quiet' },
    ]
  }
  return [
    heading('Regions', String(regions.length)),
    {
      kind: 'table',
      columns: [
        { title: '', width: 6, align: 'right' },
        { title: 'Label', width: 19, align: 'left' },
        { title: 'Kind', width: 13, align: 'left' },
        { title: 'Area, px²', width: 11, align: 'right' },
        { title: 'Of image', width: 10, align: 'right' },
        { title: 'Evidence', width: 32, align: 'left' },
        { title: 'Note', width: 26, align: 'left' },
      ],
      rows: regions.map((region, index) => {
        const evidence = image.explanation?.evidence[index]
        return [
          String(index + 1),
          region.label === '' ? '–' : region.label,
          geometryWords[region.geometry.kind],
          evidence ? grouped(evidence.area) : '–',
          evidence ? formatShare(evidence.areaShare) : '–',
          evidenceText(evidence),
          isLong(region.note) ? 'See below' : region.note,
        ]
      }),
    },
    ...longNotes(image),
  ]
}

/** Longer notes would be a thin column over many pages; they stand below the table in full width. */
function isLong(note: string): boolean {
  return note.length > 160 || note.includes('\n')
}

function longNotes(image: ReportImage): readonly Block[] {
  const rows = image.review.regions.flatMap((region, index) =>
    isLong(region.note) ? [{ label: `Note on region ${index + 1}`, value: region.note }] : [],
  )
  return rows.length === 0 ? [] : [{ kind: 'fields', rows }]
}

/** Thousands apart by a no-break space. */
function grouped(value: number): string {
  return value.toFixed(0).replace(/\B(?=(\d{3})+$)/g, '\u00a0')
}

function verdictBlocks(model: ReportModel, image: ReportImage): readonly Block[] {
  const { verdict } = image.review
  const right = verdict.correctClass === null ? null : model.model.card.labels[verdict.correctClass]
  return [
    heading('Verdict'),
    {
      kind: 'fields',
      rows: [
        { label: 'Decision', value: decisionWords[verdict.decision ?? 'none'], style: 'strong' },
        {
          label: 'Right class',
          value:
            verdict.correctClass === null
              ? verdict.decision === 'disagree'
                ? 'Not stated'
                : 'Not applicable'
              : (right ?? `Class ${verdict.correctClass}`),
        },
        { label: 'Confidence', value: confidenceText(verdict.confidence) },
        {
          label: 'Explanation plausible',
          value: verdict.plausible === null ? 'Not stated' : plausibleWords[verdict.plausible],
        },
        { label: 'Comment', value: verdict.comment === '' ? 'None' : verdict.comment },
      ],
    },
  ]
}

function ledgerBlocks({ ledger }: ExplanationResult): readonly Block[] {
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

function identityBlocks(model: ReportModel, image: ReportImage): readonly Block[] {
  const command = recomputeCommand(model, image)
  const { explanation } = image
  return [
    heading('To compute it again'),
    ...(command === null ? [] : [{ kind: 'code', text: command } as const]),
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

function computedText({ provider, milliseconds }: ExplanationResult): string {
  return (
    `${provider}; compile ${formatDuration(milliseconds.compile)}, forward ${formatDuration(milliseconds.forward)}, ` +
    `explanation ${formatDuration(milliseconds.explanation)}`
  )
}
