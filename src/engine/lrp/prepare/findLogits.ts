import { AppError } from '../../../shared/errors'
import type { Graph, Node, Value } from '../../onnx/model'
import { plainName } from '../../onnx/names'
import { uniformNumbers } from '../../onnx/uniform'
import { isFloat, valueTypes } from '../../onnx/valueTypes'
import { holdsProbabilities } from './probabilities'
import { finalActivationBefore, type FinalActivation } from './recognise/final'
import { workspaceOf, type Workspace } from './recognise/regions'

/** They decide: what they read are the numbers that they decide by. */
const deciding = new Set(['ArgMax', 'TopK', 'Hardmax', 'ZipMap'])
/** Operators that may stand behind either without changing what the numbers mean. */
const transparent = new Set(['Identity', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Transpose', 'Cast', 'Dropout', 'Clip', 'Log', 'Exp']) // prettier-ignore

export interface Logits {
  /** The model's output that they were looked for behind. */
  readonly output: Value
  /** The value that holds the logits: the output itself, or what a final activation reads. */
  readonly value: string
  /** What was stripped, from the output on. */
  readonly stripped: readonly Stripped[]
  /** Null where none was stripped. */
  readonly finalActivation: FinalActivation['name'] | null
}

export interface Stripped {
  /** An operator, or what several nodes are together. */
  readonly operator: string
  readonly isWrittenOut: boolean
  readonly nodes: readonly Node[]
}

/**
 * The explained quantity is the tensor before a final Softmax, Sigmoid or LogSoftmax, as one node or written
 * out, or before what decides for a class (ArgMax, TopK), whichever comes first.
 * @param outputName the output the card names; the first that holds or hides logits when absent.
 * @throws AppError `invalid-model` when the output is not there, or holds labels or probabilities of unknown origin.
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
  const numberOf = uniformNumbers(graph)
  const work = workspaceOf(graph.nodes, { isConstant: (value) => numberOf(value) !== null })
  if (!work.index.producer(output.name)) {
    throw new AppError(
      'invalid-model',
      `No node of the model makes its output “${plainName(output.name)}”.`,
      'Correct the output name in the model card, or export the model again.',
    )
  }
  const stripped: Stripped[] = []
  let decided: Logits | null = null
  let value = output.name
  for (;;) {
    const node = work.index.producer(value)
    const source = node?.inputs[0]
    if (!node || source === undefined) break
    const final = finalActivationBefore(node, work, numberOf)
    if (final) {
      const { name, region, isWrittenOut } = final
      stripped.push({ operator: name, isWrittenOut, nodes: [...region.nodes] })
      return { output, value: region.source, stripped, finalActivation: name }
    }
    if (deciding.has(node.operator) && (node.domain === '' || node.domain === 'ai.onnx.ml')) {
      stripped.push({ operator: node.operator, isWrittenOut: false, nodes: [node] })
      decided = { output, value: source, stripped: [...stripped], finalActivation: null }
    } else {
      // The mask of a Dropout is none of the numbers that it hands on.
      if (node.domain !== '' || !transparent.has(node.operator) || node.outputs[0] !== value) break
      stripped.push({ operator: node.operator, isWrittenOut: false, nodes: [node] })
    }
    value = source
  }
  if (holdsProbabilities(value, work, numberOf))
    throw notFound(graph, output, 'probabilities, and the logits that they are made of', value, work) // prettier-ignore
  if (decided) return decided
  const type = output.dataType === 0 ? valueTypes(graph)(output.name) : output.dataType
  if (type === 0 || isFloat(type))
    return { output, value: output.name, stripped: [], finalActivation: null }
  throw notFound(graph, output, 'labels, and the logits that they were decided by', value, work)
}

function notFound(
  graph: Graph,
  output: Value,
  what: string,
  value: string,
  { index }: Workspace,
): AppError {
  const maker = index.producer(value)
  return new AppError(
    'invalid-model',
    `The output “${plainName(output.name)}” holds ${what} are not found: “${maker?.name}” (${maker?.operator}) lies before it.`,
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
