import { AppError } from '../../../shared/errors'
import { ancestorsOf } from '../../onnx/graphIndex'
import { DataType, type Graph, type Model, type Value } from '../../onnx/model'
import { plainName } from '../../onnx/names'
import { findLogits } from './findLogits'

export interface PrepareOptions {
  /** Samples per run; a model whose batch is fixed keeps its own. */
  readonly batch: number
  /** [C, H, W] or [H, W, C] for models that leave their size open. */
  readonly sampleShape?: readonly number[]
  readonly outputName?: string
}

/** The classifier as it is, cut off at the logits and with every input dimension fixed. */
export interface Trimmed {
  readonly graph: Graph
  readonly input: Value
  readonly inputShape: readonly number[]
  readonly logits: string
  /** Nodes behind the logits that change only how they are read. */
  readonly strippedNames: ReadonlySet<string>
  /** Softmax, LogSoftmax or Sigmoid; null where the output is the logits. */
  readonly finalActivation: string | null
  readonly notes: readonly string[]
}

/**
 * Fixes the input's shape and strips a final Softmax, Sigmoid or LogSoftmax.
 * @throws AppError `invalid-model` when there is not exactly one image input of known size.
 */
export function trim(model: Model, options: PrepareOptions): Trimmed {
  const { graph } = model
  const [input, ...others] = graph.inputs
  if (!input || others.length > 0) {
    throw new AppError(
      'invalid-model',
      `The model has ${graph.inputs.length} inputs; an image classifier has one.`,
      'Export the classifier with the image as its only input.',
    )
  }
  if (input.dataType !== DataType.float) {
    throw new AppError(
      'invalid-model',
      `The model's input “${plainName(input.name)}” is not float32.`,
      'Export the classifier with float32 input and weights.',
    )
  }
  const found = findLogits(graph, options.outputName)
  const nodes = ancestorsOf(graph.nodes, found.value)
  const used = new Set(nodes.flatMap((node) => node.inputs))
  if (!used.has(input.name)) {
    throw new AppError(
      'invalid-model',
      'The logits of this model do not depend on its input.',
      'Check the output name in the model card.',
    )
  }
  return {
    graph: {
      ...graph,
      nodes,
      initializers: new Map([...graph.initializers].filter(([name]) => used.has(name))),
    },
    input,
    inputShape: fixShape(input, options),
    logits: found.value,
    strippedNames: new Set(found.stripped.map((node) => node.name)),
    finalActivation: found.stripped.at(-1)?.operator ?? null,
    notes:
      found.stripped.length > 0
        ? [
            `final ${found.stripped
              .map((node) => node.operator)
              .toReversed()
              .join(', ')} stripped`,
          ]
        : [],
  }
}

function fixShape(input: Value, options: PrepareOptions): number[] {
  const sample = options.sampleShape ?? []
  return input.dims.map((size, axis) => {
    const fixed = size ?? (axis === 0 ? options.batch : sample[axis - 1])
    if (fixed === undefined) {
      throw new AppError(
        'invalid-model',
        `The model leaves dimension ${axis} of its input “${plainName(input.name)}” open.`,
        'State the input size in a model card.',
      )
    }
    return fixed
  })
}
