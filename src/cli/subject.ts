import { resolve } from 'node:path'
import type { ModelCard } from '../shared/card'
import { AppError } from '../shared/errors'
import type { Scope } from '../shared/explanation/method'
import { isNpy, readNpy } from '../engine/arrays/npy'
import { onnxCompiler } from '../engine/compiler'
import { readWholeFile, sha256Of, type FileContent } from '../engine/files'
import type { Raster } from '../engine/images/raster'
import { decodeImage } from '../engine/images/readImage'
import { largestFile } from '../engine/images/limits'
import { findCard, readCard, type CardFile } from '../engine/inference/cardFile'
import { choicesOf, defaultMethod, inspect, inspectWithCard } from '../engine/inference/inspect'
import { readModel, type ModelFile } from '../engine/inference/modelFile'
import { inputBounds } from '../engine/inference/preprocess'
import { proposeCard } from '../engine/inference/proposeCard'
import { sampleArray, sampleImage } from '../engine/inference/sampling'
import type { Subject } from '../engine/inference/subject'
import type { GraphInspection } from '../engine/lrp/explainerTypes'
import type { RuntimeChoice } from '../engine/onnx/runtime'
import { assertNoChoice, checkWithCard, checkWithGraph } from './classOutput'

/** A missing rule does not keep a model from being run, and its classes from being counted. */
const asFarAsPossible = { method: defaultMethod, missing: 'gradient' } as const

export interface Asked {
  readonly model: string
  readonly card: string | undefined
  /** The output that holds the classes, by name; what the card or the graph say when absent. */
  readonly output?: string | undefined
  readonly input: string
  readonly scope: Scope
  /** The reference when absent. */
  readonly runtime?: RuntimeChoice
}

/** The model's input shape as it is written to relevance.npy: batch 1 first. */
export interface CommandSubject {
  readonly subject: Subject
  readonly layout: 'NCHW' | 'NHWC'
  /** Set for a .npy input: relevance has the array's own shape. */
  readonly arrayShape: readonly number[] | null
}

/**
 * Model, card and input of a command. Without a card the one beside the model is taken; without that,
 * and with an image, a proposal, which `warn` is told of in words.
 */
export async function readSubject(
  asked: Asked,
  warn: (line: string) => void,
): Promise<CommandSubject> {
  const modelPath = resolve(userFolder(), asked.model)
  const model = await readModel(modelPath)
  const card = asked.card
    ? await readCard(resolve(userFolder(), asked.card))
    : await findCard(modelPath)
  if (card) checkWithCard(asked.output, card.card)
  const file = await readWholeFile(resolve(userFolder(), asked.input), 'invalid-input', largestFile)
  const found =
    file.name.toLowerCase().endsWith('.npy') || isNpy(file.bytes)
      ? await arraySubject(model, card, file, asked)
      : await imageSubject(
          model,
          card ?? (await proposal(model, asked.output, warn)),
          file,
          asked.scope,
        )
  const choices = { ...found.subject.choices, runtime: asked.runtime }
  // What a proposal numbers are the classes that the file states; the model's own number decides.
  const labels = card ? found.subject.labels : null
  return { ...found, subject: { ...found.subject, choices, labels } }
}

async function imageSubject(
  model: ModelFile,
  { card, sha256: cardSha256 }: CardFile,
  file: FileContent,
  scope: Scope,
): Promise<CommandSubject> {
  await inspectWithCard(onnxCompiler, model, card)
  const raster = await decodeImage(file.bytes, file.name)
  checkTile(scope, raster, file.name)
  return {
    arrayShape: null,
    layout: card.input.layout,
    subject: {
      model,
      ...identity(card),
      cardSha256,
      bounds: inputBounds(card.input),
      sampling: sampleImage(raster, card, scope),
      choices: choicesOf(card),
      input: { sha256: file.sha256, width: raster.width, height: raster.height },
      key: JSON.stringify(card),
    },
  }
}

async function arraySubject(
  model: ModelFile,
  found: CardFile | null,
  file: FileContent,
  { scope, output }: Asked,
): Promise<CommandSubject> {
  if (scope.kind === 'tile')
    throw new AppError('invalid-input', 'An array has no tiles.', 'Leave --tile away.')
  const graph = found
    ? await inspectWithCard(onnxCompiler, model, found.card)
    : await inspectAsked(model, output)
  const { shape, data } = readNpy(file.bytes, file.name)
  checkShape(shape, graph, file.name)
  if (!data.every(Number.isFinite))
    throw new AppError(
      'invalid-input',
      `“${file.name}” holds numbers that are not finite (NaN or infinite), so there is nothing to explain.`,
      'Check how the array was made.',
    )
  const sampling = sampleArray(shape, data, found?.card.input.layout)
  const { width, height } = sampling.map
  const sampleShape = shape.slice(1)
  return {
    arrayShape: shape,
    layout: sampling.map.layout,
    subject: {
      model,
      ...(found
        ? identity(found.card)
        : { name: model.name, version: 'unversioned', labels: null }),
      cardSha256: found?.sha256 ?? null,
      bounds: found ? inputBounds(found.card.input) : null,
      sampling,
      choices: found
        ? { ...choicesOf(found.card), sampleShape }
        : { sampleShape, outputName: graph.output },
      input: { sha256: file.sha256, width, height },
      key: found ? JSON.stringify(found.card) : graph.output,
    },
  }
}

function identity(card: ModelCard) {
  return { name: card.name, version: card.version, labels: card.labels }
}

/** A graph without a card. @throws AppError when the output asked for is not there, or several may be meant. */
async function inspectAsked(
  model: ModelFile,
  outputName: string | undefined,
): Promise<GraphInspection> {
  const graph = await inspect(onnxCompiler, model, asFarAsPossible, { outputName })
  checkWithGraph(outputName, graph, model.name)
  if (outputName === undefined) assertNoChoice(graph, model.name)
  return graph
}

async function proposal(
  model: ModelFile,
  output: string | undefined,
  warn: (line: string) => void,
): Promise<CardFile> {
  const graph = await inspectAsked(model, output)
  const { card, doubts } = proposeCard(model.name, model.sha256, graph)
  warn(`There is no card beside “${model.name}”; this is assumed. ${doubts.join(' ')}`)
  return { card, sha256: sha256Of(JSON.stringify(card)) }
}

function checkShape(shape: readonly number[], graph: GraphInspection, name: string): void {
  const wanted = graph.inputs.find((input) => input.name === graph.input)?.shape ?? []
  const fits =
    shape.length === wanted.length &&
    wanted.every((size, axis) => shape[axis] === (axis === 0 ? 1 : (size ?? shape[axis])))
  if (fits) return
  const expected = wanted.map((size, axis) => (axis === 0 ? 1 : (size ?? 'any')))
  throw new AppError(
    'invalid-input',
    `“${name}” has shape (${shape.join(', ')}), the model takes (${expected.join(', ')}).`,
    'Save one input in the model’s shape, with a batch of 1.',
  )
}

/** A tile that reaches over the border is moved back inside; one that lies outside cannot be meant. */
function checkTile(scope: Scope, { width, height }: Raster, name: string): void {
  if (scope.kind === 'whole' || (scope.x < width && scope.y < height)) return
  throw new AppError(
    'invalid-input',
    `The tile at ${scope.x},${scope.y} lies outside of “${name}”, which has ${width}×${height} pixels.`,
    'Choose its upper left corner inside the image with --tile X,Y.',
  )
}

/** npm runs scripts in the package's folder; paths are meant from where the user stands. */
export function userFolder(): string {
  const { npm_lifecycle_event: script, INIT_CWD: folder } = process.env
  return script === 'cli' && folder !== undefined ? folder : process.cwd()
}
