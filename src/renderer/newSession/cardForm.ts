import { modelCardSchema, type ModelCard } from '../../shared/card'
import { counted } from '../../shared/counted'

/** The confirmable part of a card as text, the way it stands in the form's fields. */
export interface CardFields {
  readonly name: string
  readonly version: string
  /** One a line. */
  readonly labels: string
  readonly width: string
  readonly height: string
  readonly layout: ModelCard['input']['layout']
  readonly channels: ModelCard['input']['channels']
  readonly scale: string
  readonly mean: string
  readonly std: string
  readonly fit: ModelCard['fit']
  readonly output: ModelCard['output']['kind']
}
export type CardFieldName = keyof CardFields

export function fieldsOf(card: ModelCard): CardFields {
  return {
    name: card.name,
    version: card.version,
    labels: card.labels.join('\n'),
    width: String(card.input.width),
    height: String(card.input.height),
    layout: card.input.layout,
    channels: card.input.channels,
    scale: String(card.input.scale),
    mean: card.input.mean.join(', '),
    std: card.input.std.join(', '),
    fit: card.fit,
    output: card.output.kind,
  }
}

export type CardProblems = { readonly [F in CardFieldName]?: string }

export type CardReading =
  | { readonly card: ModelCard; readonly problems: null }
  | { readonly card: null; readonly problems: CardProblems }

/** A number, or a fraction such as `1/255`. Null for anything else. */
export function readNumber(text: string): number | null {
  const parts = text.trim().split('/')
  if (parts.length > 2 || parts.some((part) => part.trim() === '')) return null
  const [above = Number.NaN, below = 1] = parts.map(Number)
  const value = above / below
  return Number.isFinite(value) ? value : null
}

/** Numbers between commas, semicolons or spaces. Null when one of them is none. */
export function readNumbers(text: string): number[] | null {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== '')
  const numbers = parts.map(readNumber)
  const read = numbers.filter((value) => value !== null)
  return read.length === numbers.length && read.length > 0 ? read : null
}

const size = (text: string): string | undefined => {
  const value = readNumber(text)
  return value !== null && Number.isInteger(value) && value >= 1 && value <= 16384
    ? undefined
    : 'A whole number of pixels, 1 to 16384.'
}

/** Reads the form; every field that does not make sense gets a sentence. */
export function readCard(
  base: ModelCard,
  fields: CardFields,
  classCount = base.labels.length,
): CardReading {
  const labels = fields.labels
    .split('\n')
    .map((label) => label.trim())
    .filter((label) => label !== '')
  const scale = readNumber(fields.scale)
  const mean = readNumbers(fields.mean)
  const std = readNumbers(fields.std)
  const channelCount = fields.channels === 'GRAY' ? 1 : 3
  const perChannel = (values: readonly number[] | null): string | undefined =>
    values?.length === channelCount
      ? undefined
      : `${channelCount === 1 ? 'One number' : 'Three numbers'}, with a comma between.`

  const problems: { [F in CardFieldName]?: string | undefined } = {
    name: fields.name.trim() === '' ? 'The model needs a name.' : undefined,
    version: fields.version.trim() === '' ? 'The model needs a version.' : undefined,
    labels:
      labels.length === classCount
        ? undefined
        : `The model has ${counted(classCount, 'class')}; here ${labels.length === 1 ? 'is' : 'are'} ${counted(labels.length, 'label')}, one a line.`,
    width: size(fields.width),
    height: size(fields.height),
    scale: scale !== null && scale > 0 ? undefined : 'A number above 0, such as 1 or 1/255.',
    mean: perChannel(mean),
    std:
      perChannel(std) ?? (std?.includes(0) === true ? 'Dividing by 0 is impossible.' : undefined),
  }
  const found = Object.entries(problems).filter(([, problem]) => problem !== undefined)
  if (found.length > 0) return { card: null, problems: Object.fromEntries(found) }

  const parsed = modelCardSchema.safeParse({
    ...base,
    name: fields.name.trim(),
    version: fields.version.trim(),
    labels,
    input: {
      ...base.input,
      width: readNumber(fields.width),
      height: readNumber(fields.height),
      layout: fields.layout,
      channels: fields.channels,
      scale,
      mean,
      std,
    },
    output: { ...base.output, kind: fields.output },
    fit: fields.fit,
  })
  if (parsed.success) return { card: parsed.data, problems: null }
  return { card: null, problems: { name: parsed.error.issues[0]?.message ?? 'This does not fit.' } }
}
