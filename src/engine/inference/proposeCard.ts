import type { CardInput, ModelCard } from '../../shared/card'
import { AppError } from '../../shared/errors'
import { traitsOf } from '../../shared/explanation/traits'
import type { Sha256 } from '../../shared/hash'
import { plainName } from '../onnx/names'
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
  // A model that will be refused for an operator anyway should be refused for that.
  const classCount = graph.classCount ?? (graph.coverage.supported ? null : 1)
  if (classCount === null)
    throw new AppError(
      'invalid-model',
      `“${fileName}” does not say how many classes it has, so no card can be proposed.`,
      'Write a model card with its labels beside it.',
    )
  const output = graph.outputs[0]
  if (!output) throw new AppError('invalid-model', `“${fileName}” has no output.`)
  if (graph.outputs.length > 1)
    doubts.push(
      `The model has ${graph.outputs.length} outputs; “${plainName(output.name)}” is taken.`,
    )
  doubts.push(
    'The file does not name its classes: they are numbered.',
    'The file does not say how pixels become numbers: 0…255 is scaled to 0…1, without mean and standard deviation.',
  )
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
        name: output.name,
        kind: graph.logitsAreProbabilities ? 'probabilities' : 'logits',
      },
      fit: 'resize',
      ...(transformer ? { method: 'attn-lrp' } : {}),
    },
    doubts,
  }
}

function imageInput(graph: GraphInspection, doubts: string[]): CardInput {
  const candidates = graph.inputs.filter((input) => input.shape.length === 4)
  const input = candidates[0]
  if (!input)
    throw new AppError(
      'invalid-model',
      'The model has no input with four dimensions, so it does not take images.',
      'Choose an image classifier.',
    )
  if (graph.inputs.length > 1)
    doubts.push(`The model has ${graph.inputs.length} inputs; “${plainName(input.name)}” is taken.`)

  const layout = layoutOf(input, doubts)
  const [channels, height, width] =
    layout === 'NCHW'
      ? [input.shape[1], input.shape[2], input.shape[3]]
      : [input.shape[3], input.shape[1], input.shape[2]]
  if (height == null || width == null)
    doubts.push(`The file leaves the input’s size open: ${usualSize}×${usualSize} px is assumed.`)
  const grey = channels === 1
  return {
    name: input.name,
    width: width ?? usualSize,
    height: height ?? usualSize,
    layout,
    channels: grey ? 'GRAY' : 'RGB',
    scale: 1 / 255,
    mean: grey ? [0] : [0, 0, 0],
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
    `The input “${plainName(input.name)}” has neither 1 nor 3 channels (${input.shape.join('×')}), so it does not take ordinary images.`,
    'Choose a classifier of grey or colour images.',
  )
}
