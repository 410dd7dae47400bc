import { AppError } from '../../../shared/errors'
import { indexGraph } from '../../onnx/graphIndex'
import type { Graph, Node } from '../../onnx/model'
import { plainName } from '../../onnx/names'

const finalActivations = new Set(['Softmax', 'LogSoftmax', 'Sigmoid'])
/** Operators that may stand between the final activation and the output without changing a number's meaning. */
const transparent = new Set(['Identity', 'Reshape', 'Flatten', 'Squeeze', 'Dropout'])

export interface Logits {
  /** The value that holds the logits: the output itself, or what a final activation reads. */
  readonly value: string
  /** The stripped nodes, for the conventions. */
  readonly stripped: readonly Node[]
}

/**
 * The explained quantity is the tensor before a final Softmax, Sigmoid or LogSoftmax.
 * @param outputName the output the card names; the first one when absent.
 * @throws AppError `invalid-model` when the output is not there.
 */
export function findLogits(graph: Graph, outputName?: string): Logits {
  const output =
    graph.outputs.find((candidate) => candidate.name === outputName) ??
    (outputName === undefined ? graph.outputs[0] : undefined)
  if (!output) {
    const names = graph.outputs.map((candidate) => plainName(candidate.name)).join(', ')
    throw new AppError(
      'invalid-model',
      `The model has no output “${plainName(outputName ?? '')}”; it has ${names || 'none'}.`,
      'Correct the output name in the model card.',
    )
  }
  const index = indexGraph(graph.nodes)
  if (!index.producer(output.name)) {
    throw new AppError(
      'invalid-model',
      `No node of the model makes its output “${plainName(output.name)}”.`,
      'Correct the output name in the model card, or export the model again.',
    )
  }
  const stripped: Node[] = []
  let value = output.name
  for (;;) {
    const node = index.producer(value)
    const source = node?.inputs[0]
    if (!node || source === undefined) return { value: output.name, stripped: [] }
    if (node.domain !== '') return { value: output.name, stripped: [] }
    stripped.push(node)
    if (finalActivations.has(node.operator)) return { value: source, stripped }
    if (!transparent.has(node.operator)) return { value: output.name, stripped: [] }
    value = source
  }
}
