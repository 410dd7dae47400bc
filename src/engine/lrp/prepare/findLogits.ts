import { AppError } from '../../../shared/errors'
import { indexGraph } from '../../onnx/graphIndex'
import type { Graph, Node, Value } from '../../onnx/model'
import { plainName } from '../../onnx/names'
import { isFloat, valueTypes } from '../../onnx/valueTypes'

const finalActivations = new Set(['Softmax', 'LogSoftmax', 'Sigmoid'])
/** They decide: what they read are the numbers that they decide by. */
const deciding = new Set(['ArgMax', 'TopK', 'Hardmax', 'ZipMap'])
/** Operators that may stand behind either without changing what the numbers mean. */
const transparent = new Set(['Identity', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Transpose', 'Cast', 'Dropout', 'Clip', 'Log']) // prettier-ignore

export interface Logits {
  /** The model's output that they were looked for behind. */
  readonly output: Value
  /** The value that holds the logits: the output itself, or what a final activation reads. */
  readonly value: string
  /** The stripped nodes, from the output on, for the conventions. */
  readonly stripped: readonly Node[]
  /** Softmax, LogSoftmax or Sigmoid; null where none was stripped. */
  readonly finalActivation: string | null
}

/**
 * The explained quantity is the tensor before a final Softmax, Sigmoid or LogSoftmax, or before what decides
 * for a class (ArgMax, TopK), whichever comes first.
 * @param outputName the output the card names; the first that holds or hides logits when absent.
 * @throws AppError `invalid-model` when the output is not there, or holds labels of unknown origin.
 */
export function findLogits(graph: Graph, outputName?: string): Logits {
  if (outputName !== undefined) {
    const output = graph.outputs.find((candidate) => candidate.name === outputName)
    if (!output) throw noOutput(graph, outputName)
    return logitsBehind(graph, output)
  }
  const [first, ...others] = graph.outputs
  if (!first) throw noOutput(graph, '')
  try {
    return logitsBehind(graph, first)
  } catch (error) {
    for (const output of others) {
      try {
        return logitsBehind(graph, output)
      } catch {
        // The first one's reason is told where none will do.
      }
    }
    throw error
  }
}

function logitsBehind(graph: Graph, output: Value): Logits {
  const index = indexGraph(graph.nodes)
  if (!index.producer(output.name)) {
    throw new AppError(
      'invalid-model',
      `No node of the model makes its output “${plainName(output.name)}”.`,
      'Correct the output name in the model card, or export the model again.',
    )
  }
  const passed: Node[] = []
  let decided: Logits | null = null
  let value = output.name
  for (;;) {
    const node = index.producer(value)
    const source = node?.inputs[0]
    if (!node || source === undefined) break
    passed.push(node)
    const found = { output, value: source, stripped: [...passed] }
    const standard = node.domain === ''
    if (standard && finalActivations.has(node.operator))
      return { ...found, finalActivation: node.operator }
    if (deciding.has(node.operator) && (standard || node.domain === 'ai.onnx.ml'))
      decided = { ...found, finalActivation: null }
    else if (!standard || !transparent.has(node.operator)) break
    value = source
  }
  if (decided) return decided
  const type = output.dataType === 0 ? valueTypes(graph)(output.name) : output.dataType
  if (type === 0 || isFloat(type))
    return { output, value: output.name, stripped: [], finalActivation: null }
  const maker = passed.at(-1)
  throw new AppError(
    'invalid-model',
    `The output “${plainName(output.name)}” holds labels, and the logits that they were decided by are not found: “${maker?.name}” (${maker?.operator}) lies before it.`,
    graph.outputs.length > 1
      ? `Name another output in the model card: ${namesOf(graph, output)}.`
      : 'Export the model with its logits as an output.',
  )
}

function namesOf(graph: Graph, but?: Value): string {
  return graph.outputs
    .filter((output) => output !== but)
    .map(({ name }) => `“${plainName(name)}”`)
    .join(', ')
}

function noOutput(graph: Graph, name: string): AppError {
  if (graph.outputs.length === 0) {
    const hint = 'Export the classifier with its logits as an output.'
    return new AppError('invalid-model', 'The model has no outputs.', hint)
  }
  return new AppError(
    'invalid-model',
    `The model has no output “${plainName(name)}”; it has ${namesOf(graph)}.`,
    'Correct the output name in the model card.',
  )
}
