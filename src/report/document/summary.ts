import { formatDate, formatProbability } from '../../shared/format/numbers'
import type { ReportImage, ReportModel } from '../../shared/report/model'
import type { Block } from './blocks'
import { decisionShort } from '../../shared/report/words'
import { researchUse } from './phrases'

/** The first page: who, when, what, and every image's verdict on one line. */
export function summaryBlocks(model: ReportModel): readonly Block[] {
  const { card } = model.model
  return [
    {
      kind: 'cover',
      title: 'Review report',
      subtitle: model.session.name,
      aside: formatDate(model.createdAt),
    },
    {
      kind: 'fields',
      rows: [
        { label: 'Reviewer', value: reviewerName(model), style: 'strong' },
        { label: 'Verdicts', value: verdictCounts(model.images), style: 'strong' },
        { label: 'Images', value: String(model.images.length) },
        { label: 'Model', value: `${card.name}, version ${card.version}` },
        { label: 'Model file', value: model.model.fileName },
        { label: 'Model sha256', value: model.model.sha256, style: 'hash' },
        { label: 'Report', value: model.id },
        { label: 'Session', value: model.session.id },
        { label: 'Written by', value: `${model.program.name} ${model.program.version}` },
        { label: 'Audit trail', value: auditText(model) },
      ],
    },
    {
      kind: 'notice',
      text:
        `${researchUse} The model’s answers and the heatmaps are aids to a review by an expert; ` +
        'a heatmap shows what the model used, not whether the model is right.',
    },
    {
      kind: 'table',
      columns: [
        { title: '', width: 4, align: 'right' },
        { title: 'Image', width: 30, align: 'left' },
        { title: 'The model says', width: 30, align: 'left' },
        { title: 'Probability', width: 12, align: 'right' },
        { title: 'The reviewer', width: 18, align: 'left' },
        { title: 'Regions', width: 9, align: 'right' },
      ],
      rows: model.images.map((image, index) => {
        const top = image.explanation?.result.prediction.top[0]
        return [
          String(index + 1),
          image.name,
          top ? top.label : 'Not explained',
          top ? formatProbability(top.probability) : '–',
          decisionShort[image.review.verdict.decision ?? 'none'],
          String(image.review.regions.length),
        ]
      }),
    },
    {
      kind: 'signature',
      name: reviewerName(model),
      meaning: 'I have reviewed the images of this report; the verdicts and regions are mine.',
    },
  ]
}

export function reviewerName(model: ReportModel): string {
  return model.reviewer.trim() === '' ? 'Not named' : model.reviewer
}

function verdictCounts(images: readonly ReportImage[]): string {
  const count = (decision: ReportImage['review']['verdict']['decision']) =>
    images.filter((image) => image.review.verdict.decision === decision).length
  return [
    `${count('agree')} agreed`,
    `${count('disagree')} disagreed`,
    `${count('unsure')} unsure`,
    `${count(null)} not judged`,
  ].join(', ')
}

export function auditText(model: ReportModel): string {
  const { entries, intact } = model.audit
  if (entries === 0) return 'No entries'
  const amount = `${entries} ${entries === 1 ? 'entry' : 'entries'}`
  return `${amount}, ${intact ? '✓ chain intact' : '✗ chain broken: entries were changed or removed'}`
}
