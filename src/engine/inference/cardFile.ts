import { basename } from 'node:path'
import { modelCardSchema, type CardInput, type ModelCard } from '../../shared/card'
import { counted } from '../../shared/counted'
import { AppError } from '../../shared/errors'
import type { Sha256 } from '../../shared/hash'
import { issueSentence } from '../../shared/issueSentence'
import { readWholeFile } from '../files'
import { quoted } from '../onnx/names'
import type { GraphInspection, TensorInfo } from '../lrp/explainerTypes'
import { inputShape } from './preprocess'

export interface CardFile {
  readonly card: ModelCard
  /** Of the card file's bytes. */
  readonly sha256: Sha256
}

const largestCard = 16 * 1024 * 1024

/** `model.onnx` → `model.card.json` in the same folder. */
export function cardPathOf(modelPath: string): string {
  return `${modelPath.replace(/\.onnx$/i, '')}.card.json`
}

/** The card beside the model, null where there is none. @throws AppError `invalid-card` or `io` */
export async function findCard(modelPath: string): Promise<CardFile | null> {
  try {
    return await readCard(cardPathOf(modelPath))
  } catch (error) {
    if (error instanceof AppError && error.code === 'not-found') return null
    throw error
  }
}

/** @throws AppError `invalid-card`, `not-found` or `io` */
export async function readCard(path: string): Promise<CardFile> {
  const file = await readWholeFile(path, 'invalid-card', largestCard)
  const parsed = modelCardSchema.safeParse(parseJson(file.bytes, basename(path)))
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new AppError(
      'invalid-card',
      `The card “${basename(path)}” cannot be used: ${issue ? issueSentence(issue) : 'it is not a model card'}.`,
      'Correct the card; the README describes its entries.',
    )
  }
  return { card: parsed.data, sha256: file.sha256 }
}

function parseJson(bytes: Uint8Array, name: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw new AppError(
      'invalid-card',
      `The card “${name}” is not valid JSON.`,
      'Correct the card; the README describes its entries.',
      { cause: error },
    )
  }
}

/**
 * A card that contradicts the graph would make wrong numbers look right: it is refused.
 * @throws AppError `invalid-card`
 */
export function checkCard(card: ModelCard, model: Sha256, graph: GraphInspection): void {
  if (card.sha256 !== undefined && card.sha256 !== model)
    throw contradiction(
      'it belongs to another file: the sha256 in the card is not the model’s',
      'Use the model that the card was written for, or remove sha256 from the card.',
    )
  const input = graph.inputs.find((candidate) => candidate.name === card.input.name)
  if (!input)
    throw contradiction(`the model has no input “${card.input.name}” (${namesOf(graph.inputs)})`)
  if (!graph.outputs.some((output) => output.name === card.output.name))
    throw contradiction(`the model has no output “${card.output.name}” (${namesOf(graph.outputs)})`)
  if (
    card.output.kind === 'probabilities' &&
    graph.coverage.supported &&
    !graph.logitsAreProbabilities
  )
    throw contradiction(
      `it says that “${card.output.name}” holds probabilities, but no Softmax or Sigmoid lies before it, so the logits are not known`,
    )
  const shape = inputShape(card.input)
  const fits =
    input.shape.length === 0 ||
    (input.shape.length === shape.length &&
      // The batch is left to the engine; a dimension that the graph leaves open takes any size.
      input.shape.every((size, axis) => axis === 0 || size === null || size === shape[axis]))
  if (!fits)
    throw contradiction(
      `it says input ${describe(shape)}, the model takes ${describe(input.shape)}`,
    )
  const whole = graph.wholeNumbers
  if (whole && !makesWholeNumbers(card.input, whole))
    throw contradiction(
      `the model takes whole numbers from ${whole.low} to ${whole.high}, and scale, mean and std make others of the pixels`,
    )
  if (graph.classCount !== null && graph.classCount !== card.labels.length)
    throw contradiction(
      `it names ${counted(card.labels.length, 'label')}, the model has ${counted(graph.classCount, 'class')}`,
    )
}

/** Whether (value · scale − mean) / std is one of them for every value of 0…255. */
function makesWholeNumbers(
  { scale, mean, std }: CardInput,
  { low, high }: { readonly low: number; readonly high: number },
): boolean {
  return mean.every((offset, channel) => {
    const divisor = std[channel] ?? 1
    const ends = [(0 - offset) / divisor, (255 * scale - offset) / divisor]
    const fits = ends.every((end) => Number.isInteger(end) && end >= low && end <= high)
    return fits && Number.isInteger(scale / divisor)
  })
}

function describe(shape: readonly (number | null)[]): string {
  return shape.map((size, axis) => (axis === 0 ? 'batch' : (size ?? 'any'))).join('×')
}

function namesOf(tensors: readonly TensorInfo[]): string {
  return quoted(tensors.map(({ name }) => name)) || 'none'
}

function contradiction(what: string, hint = 'Correct the card, or remove it to get a proposal.') {
  return new AppError('invalid-card', `The card contradicts the model: ${what}.`, hint)
}
