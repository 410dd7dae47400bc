import type { CardInput, ModelCard } from '../../shared/card'
import { AppError } from '../../shared/errors'
import { traitsOf } from '../../shared/explanation/traits'
import type { Sha256 } from '../../shared/hash'
import { plainName, quoted } from '../onnx/names'
import type { GraphInspection, TensorInfo } from '../lrp/explainerTypes'
import { usualSize } from './inspect'
import { numberedLabels } from './scores'

export interface CardProposal {
  readonly card: ModelCard
  /** What the graph does not say, in sentences for the expert who confirms the card. */
  readonly doubts: readonly string[]
}

/**
 * A card made from the graph alone.
 * @throws AppError `invalid-model` when no input can be an image or no classes can be counted.
 */
export function proposeCard(
  fileName: string,
  sha256: Sha256,
  graph: GraphInspection,
): CardProposal {
  const doubts: string[] = []
  const input = imageInput(graph, doubts)
  assertClasses(graph)
  // A model that will be refused for an operator anyway should be refused for that.
  const classCount = graph.classCount ?? (graph.coverage.supported ? null : 1)
  if (classCount === null)
    throw new AppError(
      'invalid-model',
      `“${fileName}” does not say how many classes it has, so no card can be proposed.`,
      'Write a model card with its labels beside it.',
    )
  if (graph.classOutputs.length > 1)
    doubts.push(
      `The file does not say which of its outputs holds the classes (${quoted(graph.classOutputs)}): “${plainName(graph.output)}” is taken.`,
    )
  else if (graph.outputs.length > 1)
    doubts.push(
      `The model has ${graph.outputs.length} outputs (${namesOf(graph.outputs)}); “${plainName(graph.output)}” holds the classes.`,
    )
  doubts.push('The file does not name its classes: they are numbered.', scalingDoubt(graph))
  if (input.channels !== 'GRAY')
    doubts.push('The file does not say whether red or blue comes first: red is assumed.')
  const transformer = traitsOf(graph.coverage).family === 'transformer'
  if (transformer)
    doubts.push('It is a transformer: AttnLRP, made for these, is proposed as its method.')
  return {
    card: {
      name: fileName.replace(/\.onnx$/i, '') || fileName,
      version: 'unversioned',
      file: fileName,
      sha256,
      task: '',
      labels: numberedLabels(classCount),
      input,
      output: {
        name: graph.output,
        kind: graph.logitsAreProbabilities ? 'probabilities' : 'logits',
      },
      fit: 'resize',
      ...(transformer ? { method: 'attn-lrp' } : {}),
    },
    doubts,
  }
}

/** A number for each place of the image is no class: a model for segmentation, or the features of one. */
function assertClasses({ outputs, output }: GraphInspection): void {
  const [, ...sample] = outputs.find(({ name }) => name === output)?.shape ?? []
  if (sample.filter((size) => size !== null && size > 1).length < 2) return
  throw new AppError(
    'invalid-model',
    `The output “${plainName(output)}” holds ${sample.map((size) => size ?? 'any').join('×')} numbers for an image, not one for each class.`,
    outputs.length > 1
      ? `Name the output that holds the classes: ${namesOf(outputs)}.`
      : 'Choose an image classifier, or write a model card with a label for each of the numbers.',
  )
}

function namesOf(tensors: readonly TensorInfo[]): string {
  return quoted(tensors.map(({ name }) => name))
}

/** How pixels meet an input: as they are where it takes whole numbers, else as 0…1. */
function scalingOf({ wholeNumbers }: GraphInspection): { scale: number; mean: number } {
  if (!wholeNumbers) return { scale: 1 / 255, mean: 0 }
  // int8: 0…255 becomes −128…127.
  return { scale: 1, mean: wholeNumbers.high === 127 ? 128 : 0 }
}

function scalingDoubt(graph: GraphInspection): string {
  const { scale, mean } = scalingOf(graph)
  if (scale !== 1)
    return 'The file does not say how pixels become numbers: 0…255 is scaled to 0…1, without mean and standard deviation.'
  return mean === 0
    ? 'The model takes whole numbers: pixels are fed as they are, 0…255.'
    : 'The model takes whole numbers from −128 to 127: 128 is taken from pixels of 0…255.'
}

function imageInput(graph: GraphInspection, doubts: string[]): CardInput {
  const found = graph.inputs.find(({ name }) => name === graph.input)
  // Some files leave the shape away altogether.
  const open = found?.shape.length === 0 ? { ...found, shape: [null, null, null, null] } : found
  const input = open?.shape.length === 4 ? open : null
  if (!input)
    throw new AppError(
      'invalid-model',
      `The input “${plainName(graph.input)}” does not have four dimensions, so the model does not take images.`,
      'Choose an image classifier.',
    )
  if (graph.inputs.length > 1)
    doubts.push(
      `The model has ${graph.inputs.length} inputs (${namesOf(graph.inputs)}); its classes depend on “${plainName(input.name)}” alone.`,
    )

  const layout = layoutOf(input, doubts)
  const [channels, height, width] =
    layout === 'NCHW'
      ? [input.shape[1], input.shape[2], input.shape[3]]
      : [input.shape[3], input.shape[1], input.shape[2]]
  if (height == null || width == null)
    doubts.push(`The file leaves the input’s size open: ${usualSize}×${usualSize} px is assumed.`)
  const grey = channels === 1
  const { scale, mean } = scalingOf(graph)
  return {
    name: input.name,
    width: width ?? usualSize,
    height: height ?? usualSize,
    layout,
    channels: grey ? 'GRAY' : 'RGB',
    scale,
    mean: grey ? [mean] : [mean, mean, mean],
    std: grey ? [1] : [1, 1, 1],
  }
}

function layoutOf(input: TensorInfo, doubts: string[]): CardInput['layout'] {
  const isChannels = (size: number | null | undefined) => size === 1 || size === 3
  if (isChannels(input.shape[1])) return 'NCHW'
  if (isChannels(input.shape[3])) return 'NHWC'
  if (input.shape[1] == null || input.shape[3] == null) {
    doubts.push('The file does not say where the colour channels are: channels first is assumed.')
    return 'NCHW'
  }
  throw new AppError(
    'invalid-model',
    `The input “${plainName(input.name)}” has neither 1 nor 3 channels (${shapeText(input.shape)}), so it does not take ordinary images.`,
    'Choose a classifier of grey or colour images.',
  )
}

function shapeText(shape: readonly (number | null)[]): string {
  return shape.map((size, axis) => (axis === 0 ? 'batch' : (size ?? 'any'))).join('×')
}
