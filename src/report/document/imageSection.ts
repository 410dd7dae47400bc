import { confidenceText, decisionWords } from '../../shared/report/words'
import { formatRelevance, formatShare } from '../../shared/format/numbers'
import type { ReportImage, ReportModel } from '../../shared/report/model'
import type { Block, FigureBlock } from './blocks'
import { explanationBlocks, identityBlocks, ledgerBlocks } from './explanationSection'
import {
  evidenceText,
  evidenceWords,
  geometryWords,
  plausibleWords,
  quoted,
  viewText,
} from './phrases'
import { sectionHeading as heading } from './sectionHeading'

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
