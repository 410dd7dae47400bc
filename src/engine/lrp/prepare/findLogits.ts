import { AppError } from '../../../shared/errors'
import type { Graph, Node, Value } from '../../onnx/model'
import { plainName, quoted } from '../../onnx/names'
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
 * @param outputName the output that is meant; the first that holds or hides logits when absent, one for classes before
 * one for places of the image.
 * @throws AppError `invalid-model` when the output is not there, or holds labels or probabilities of unknown origin.
 */
export function findLogits(graph: Graph, outputName?: string): Logits {
  if (outputName !== undefined) {
    const output = graph.outputs.find((candidate) => candidate.name === outputName)
    if (!output) throw noOutput(graph, outputName)
    return logitsBehind(output, searchIn(graph))
  }
  const [first] = graph.outputs
  if (!first) throw noOutput(graph, '')
  const search = searchIn(graph)
  const found = readable(search)
  // The first one's reason is told where none will do.
  return found.find(({ output }) => !isMap(output)) ?? found[0] ?? logitsBehind(first, search)
}

/**
 * The outputs that may hold the classes, by name: of several that lead to the same logits the first. Features, too, are
 * numbers of the image as a whole; where there are several, only who made the model knows.
 */
export function classOutputs(graph: Graph): string[] {
  const byLogits = new Map<string, string>()
  for (const { output, value } of readable(searchIn(graph)))
    if (!isMap(output) && !byLogits.has(value)) byLogits.set(value, output.name)
  return [...byLogits.values()]
}

/** What is looked up of a graph, once for all of its outputs. */
interface Search {
  readonly graph: Graph
  readonly work: Workspace
  readonly numberOf: ReturnType<typeof uniformNumbers>
  readonly typeOf: (value: string) => number
}

function searchIn(graph: Graph): Search {
  const numberOf = uniformNumbers(graph)
  const work = workspaceOf(graph.nodes, { isConstant: (value) => numberOf(value) !== null })
  return { graph, work, numberOf, typeOf: valueTypes(graph) }
}

function readable(search: Search): Logits[] {
  return search.graph.outputs.flatMap((output) => {
    try {
      return [logitsBehind(output, search)]
    } catch {
      return []
    }
  })
}

/** Numbers for each place of the image, as far as the file states the sizes: no classes. */
function isMap({ dims: [, ...sample] }: Value): boolean {
  return sample.filter((size) => size !== null && size > 1).length > 1
}

function logitsBehind(output: Value, { graph, work, numberOf, typeOf }: Search): Logits {
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
  /** What a number multiplies: (p + q) / 2 are probabilities, p + q are not; of percentages it is the other way round. */
  const products: string[] = []
  for (;;) {
    const node = work.index.producer(value)
    let source = node?.inputs[0]
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
      const scaled = node.domain === '' ? scaledBy(node, numberOf) : null
      // The mask of a Dropout is none of the numbers that it hands on.
      const isTransparent =
        node.domain === '' && transparent.has(node.operator) && node.outputs[0] === value
      if (scaled === null && !isTransparent) break
      if (scaled !== null) products.push(value)
      source = scaled ?? source
      stripped.push({ operator: node.operator, isWrittenOut: false, nodes: [node] })
    }
    value = source
  }
  const holding = [...products, value].find((candidate) => holdsProbabilities(candidate, work, numberOf)) // prettier-ignore
  if (holding !== undefined)
    throw notFound(graph, output, 'probabilities, and the logits that they are made of', holding, work) // prettier-ignore
  if (decided) return decided
  const type = output.dataType === 0 ? typeOf(output.name) : output.dataType
  if (type === 0 || isFloat(type))
    return { output, value: output.name, stripped: [], finalActivation: null }
  throw notFound(graph, output, 'labels, and the logits that they were decided by', value, work)
}

/** What a node multiplies by, or divides by, a positive number: percentages are probabilities. */
function scaledBy({ operator, inputs }: Node, numberOf: Search['numberOf']): string | null {
  const isPositive = (value: string): boolean => (numberOf(value) ?? 0) > 0
  const [first = '', second = ''] = inputs
  if ((operator === 'Mul' || operator === 'Div') && isPositive(second)) return first
  return operator === 'Mul' && isPositive(first) ? second : null
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
      ? `Name another output: ${namesOf(graph, output)}.`
      : 'Export the model with its logits as an output.',
  )
}

function namesOf(graph: Graph, but?: Value): string {
  return quoted(graph.outputs.filter((output) => output !== but).map(({ name }) => name))
}

function noOutput(graph: Graph, name: string): AppError {
  if (graph.outputs.length === 0) {
    const hint = 'Export the classifier with its logits as an output.'
    return new AppError('invalid-model', 'The model has no outputs.', hint)
  }
  return new AppError(
    'invalid-model',
    `The model has no output “${plainName(name)}”; it has ${namesOf(graph)}.`,
    'Name one of these.',
  )
}
