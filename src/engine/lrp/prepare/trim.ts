import { AppError } from '../../../shared/errors'
import { ancestorsOf } from '../../onnx/graphIndex'
import { DataType, type Graph, type Model, type Value } from '../../onnx/model'
import { plainName, quoted } from '../../onnx/names'
import { sizeOf } from '../network'
import { findLogits } from './findLogits'
import { assertRunnable } from './runnable'

export interface PrepareOptions {
  /** Samples per run; a model whose batch is fixed keeps its own. */
  readonly batch: number
  /** [C, H, W] or [H, W, C] for models that leave their size open; `any` where no size matters. */
  readonly sampleShape?: readonly number[] | 'any'
  /** The image; the only input that the logits depend on when absent. */
  readonly inputName?: string
  readonly outputName?: string
}

/** The classifier as it is, cut off at the logits and with every input dimension fixed. */
export interface Trimmed {
  readonly graph: Graph
  readonly input: Value
  readonly inputShape: readonly number[]
  readonly logits: string
  /** The model's output that leads to the logits. */
  readonly output: Value
  /** Nodes behind the logits that change only how they are read. */
  readonly strippedNames: ReadonlySet<string>
  /** Whether the output has the logits' shape. */
  readonly sameShape: boolean
  /** Softmax, LogSoftmax or Sigmoid; null where none was stripped. */
  readonly finalActivation: string | null
  readonly notes: readonly string[]
}

/** Nodes that keep the shape of what they read. */
const shapeless = new Set(['Softmax', 'LogSoftmax', 'Sigmoid', 'Identity', 'Cast', 'Clip', 'Log', 'Exp', 'Dropout']) // prettier-ignore

/**
 * Fixes the input's shape and strips a final Softmax, Sigmoid or LogSoftmax, as one node or written out, or what decides for a class.
 * @throws AppError `invalid-model` when the logits depend on anything but one image of known size, or
 * `unsupported-operator` when a node that cannot be run hides what they depend on.
 */
export function trim(model: Model, options: PrepareOptions): Trimmed {
  const { graph } = model
  const found = findLogits(graph, options.outputName)
  const nodes = ancestorsOf(graph.nodes, found.value)
  const used = new Set(nodes.flatMap((node) => node.inputs))
  // A subgraph may read the image though its node does not list it: then that is what is in the way.
  if (!graph.inputs.some(({ name }) => used.has(name))) assertRunnable({ ...graph, nodes })
  const input = imageInput(graph, used, options.inputName)
  return {
    graph: {
      ...graph,
      nodes,
      initializers: new Map([...graph.initializers].filter(([name]) => used.has(name))),
    },
    input,
    inputShape: fixShape(input, options),
    logits: found.value,
    output: found.output,
    strippedNames: new Set(found.stripped.flatMap((part) => part.nodes.map(({ name }) => name))),
    sameShape: found.stripped.every(({ operator }) => shapeless.has(operator)),
    finalActivation: found.finalActivation,
    notes:
      found.stripped.length > 0
        ? [
            `final ${found.stripped
              .map(({ operator, isWrittenOut }) =>
                isWrittenOut ? `${operator} (written out)` : operator,
              )
              .toReversed()
              .join(', ')} stripped`,
          ]
        : [],
  }
}

/** The one input that the logits depend on; inputs that they do not depend on are no obstacle. */
function imageInput(graph: Graph, used: ReadonlySet<string>, name?: string): Value {
  const names = (inputs: readonly Value[]): string => quoted(inputs.map((input) => input.name))
  const reaching = graph.inputs.filter((input) => used.has(input.name))
  if (reaching.length > 1) {
    throw new AppError(
      'invalid-model',
      `The logits of this model depend on ${reaching.length} inputs (${names(reaching)}); an image classifier has one.`,
      'Export the classifier with the image as its only input, the others as constants.',
    )
  }
  const [input] = reaching
  if (!input) {
    throw new AppError(
      'invalid-model',
      'The logits of this model do not depend on its input.',
      'Check the output name in the model card.',
    )
  }
  if (name !== undefined && name !== input.name) {
    throw new AppError(
      'invalid-model',
      `The logits of this model depend on its input ${names(reaching)}, not on “${plainName(name)}”.`,
      'Correct the input name in the model card.',
    )
  }
  if (input.dataType !== DataType.float) {
    throw new AppError(
      'invalid-model',
      `The model’s input “${plainName(input.name)}” takes neither floating-point nor whole numbers of 8, 16 or 32 bits.`,
      'Export the classifier with float32 input.',
    )
  }
  return input
}

/** A picture of 4,700 × 4,700 pixels in three colours, or as many smaller ones: activations take many times that. */
const largestInput = 2 ** 26

/** Models of a fixed batch are fed copies to fill it. */
const mostSamples = 1024

function fixShape(input: Value, options: PrepareOptions): number[] {
  const { sampleShape: sample = [], batch } = options
  // Without a shape at all the card's is taken.
  const dims =
    input.dims.length > 0 || sample === 'any' ? input.dims : [null, ...sample.map(() => null)]
  const shape = dims.map((size, axis) => {
    const fixed = size ?? (axis === 0 ? batch : sample === 'any' ? 1 : sample[axis - 1])
    if (fixed === undefined) {
      throw new AppError(
        'invalid-model',
        `The model leaves dimension ${axis} of its input “${plainName(input.name)}” open.`,
        'State the input size in a model card.',
      )
    }
    return fixed
  })
  const [samples = 1] = shape
  if (samples > mostSamples) {
    throw new AppError(
      'invalid-model',
      `The model takes ${samples} samples at once; at most ${mostSamples} are run.`,
      'Export the classifier with an open batch dimension, or with a batch of 1.',
    )
  }
  if (sizeOf(shape) <= largestInput) return shape
  throw new AppError(
    'invalid-model',
    `The model’s input “${plainName(input.name)}” would have ${shape.join(' × ')} numbers, which is too many.`,
    'Check the input size, in the model and in its card.',
  )
}
