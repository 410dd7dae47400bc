import { computedBy } from '../../shared/explanation/provider'
import type { ModelCard } from '../../shared/card'
import { formatDate } from '../../shared/format/numbers'
import type { ReportModel } from '../../shared/report/model'
import type { Block, Field } from './blocks'
import { auditText, reviewerName } from './summary'

/** What is the same for all images: the card in full, conventions, programs, hashes, the audit trail. */
export function appendixBlocks(model: ReportModel): readonly Block[] {
  return [
    {
      kind: 'heading',
      level: 1,
      text: 'Model card',
      aside: model.model.card.version,
      startsPage: true,
    },
    { kind: 'fields', rows: cardFields(model.model.card) },
    { kind: 'heading', level: 2, text: 'Classes', aside: '', startsPage: false },
    { kind: 'paragraph', text: labelText(model.model.card.labels), tone: 'normal' },
    { kind: 'heading', level: 1, text: 'Conventions', aside: '', startsPage: false },
    {
      kind: 'paragraph',
      text: 'They decide numbers: whoever computes the same explanation elsewhere must follow them.',
      tone: 'quiet',
    },
    ...sharedFields(model, (image) => image.explanation?.result.conventions ?? null),
    { kind: 'heading', level: 1, text: 'Programs', aside: '', startsPage: false },
    {
      kind: 'fields',
      rows: [{ label: model.program.name, value: model.program.version }],
    },
    ...sharedFields(
      model,
      (image) =>
        image.explanation && [
          { name: 'Provider', value: computedBy(image.explanation.result) },
          ...Object.entries(image.explanation.result.versions)
            .toSorted(([a], [b]) => (a < b ? -1 : 1))
            .map(([name, value]) => ({ name, value })),
        ],
    ),
    { kind: 'heading', level: 1, text: 'Identity', aside: '', startsPage: false },
    { kind: 'fields', rows: identityFields(model) },
  ]
}

function cardFields(card: ModelCard): readonly Field[] {
  const { input, output } = card
  const optional = (label: string, value: string | undefined): readonly Field[] => [
    { label, value: value === undefined || value === '' ? 'Not stated' : value },
  ]
  return [
    { label: 'Name', value: card.name, style: 'strong' },
    { label: 'Version', value: card.version },
    ...optional('Task', card.task),
    {
      label: 'Input',
      value: `“${input.name}”, ${input.width} × ${input.height} px, ${input.channels}, ${input.layout}`,
    },
    {
      label: 'Preprocessing',
      value: `(value · ${input.scale} − mean) / std, value 0…255; mean ${input.mean.join(', ')}; std ${input.std.join(', ')}`,
    },
    { label: 'Output', value: `“${output.name}”, ${output.kind}` },
    {
      label: 'Image meets input',
      value:
        card.fit === 'resize'
          ? 'The whole image is resized to the input'
          : `Native resolution, input-sized tiles${card.stride === undefined ? '' : `, ${card.stride} px apart`}`,
    },
    ...optional(
      'Pixel size',
      card.micronsPerPixel === undefined ? undefined : `${card.micronsPerPixel} µm/px`,
    ),
    ...optional('Default method', card.method),
    ...optional('Architecture', card.architecture),
    ...optional('Training data', card.trainingData),
    ...optional('Evaluation', card.evaluation?.text),
    ...optional('Limits', card.limits),
    ...optional('Licence', card.licence),
    ...optional('Source', card.source),
  ]
}

/** Beyond this many classes the list names those of the report's pages only by their index. */
const listedLabels = 1000

function labelText(labels: readonly string[]): string {
  const listed = labels.slice(0, listedLabels).map((label, index) => `${index} ${label}`)
  const rest = labels.length - listed.length
  return listed.join(' · ') + (rest > 0 ? ` · and ${rest} more; the JSON lists all.` : '')
}

interface NamedValue {
  readonly name: string
  readonly value: string
}

/** One list where all images agree, else one list for each group of images that do. */
function sharedFields(
  model: ReportModel,
  listOf: (image: ReportModel['images'][number]) => readonly NamedValue[] | null,
): readonly Block[] {
  const groups = new Map<string, { list: readonly NamedValue[]; numbers: number[] }>()
  for (const [index, image] of model.images.entries()) {
    const list = listOf(image)
    if (!list) continue
    const key = JSON.stringify(list.map(({ name, value }) => [name, value]))
    const group = groups.get(key) ?? { list, numbers: [] }
    group.numbers.push(index + 1)
    groups.set(key, group)
  }
  if (groups.size === 0) {
    return [{ kind: 'paragraph', text: 'No image was explained.', tone: 'quiet' }]
  }
  return [...groups.values()].flatMap(({ list, numbers }): readonly Block[] => [
    ...(groups.size === 1
      ? []
      : [
          {
            kind: 'paragraph',
            text: `${numbers.length === 1 ? 'Image' : 'Images'} ${numbers.join(', ')}`,
            tone: 'quiet',
          } as const,
        ]),
    { kind: 'fields', rows: list.map(({ name, value }) => ({ label: name, value })) },
  ])
}

function identityFields(model: ReportModel): readonly Field[] {
  return [
    { label: 'Report', value: model.id },
    { label: 'Report schema', value: model.schema },
    { label: 'Written', value: formatDate(model.createdAt) },
    { label: 'Reviewer', value: reviewerName(model) },
    { label: 'Session', value: `${model.session.name} (${model.session.id})` },
    { label: 'Model file', value: model.model.fileName },
    { label: 'Model sha256', value: model.model.sha256, style: 'hash' },
    { label: 'Card sha256', value: model.model.cardSha256, style: 'hash' },
    ...model.images.flatMap((image, index): readonly Field[] => [
      { label: `Image ${index + 1}`, value: image.name },
      { label: 'Image sha256', value: image.sha256, style: 'hash' },
      ...(image.explanation
        ? [
            {
              label: 'Relevance sha256',
              value: image.explanation.relevanceSha256,
              style: 'hash',
            } as const,
          ]
        : []),
    ]),
    { label: 'Audit trail', value: auditText(model) },
    {
      label: 'Audit head',
      value: model.audit.head === '' ? 'None' : model.audit.head,
      style: 'hash',
    },
  ]
}
