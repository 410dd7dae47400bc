import type { ModelCard } from '../../shared/card'
import { AppError } from '../../shared/errors'
import type { MethodName } from '../../shared/explanation/method'
import type { CoverageOptions } from '../lrp/coverage'
import type { GraphInspection } from '../lrp/explainerTypes'
import { checkCard } from './cardFile'
import type { Compiler, GraphChoices, InspectionChoices } from './compiler'
import type { ModelFile } from './modelFile'
import { inputShape } from './preprocess'

/** What is taken for granted where neither the card nor the caller names a method. */
export const defaultMethod: MethodName = 'epsilon-plus-flat'

/** Where the graph leaves the size open: what most ImageNet networks were trained with. */
export const usualSize = 224

export function choicesOf(card: ModelCard): GraphChoices {
  const { input, output } = card
  return { sampleShape: inputShape(input).slice(1), inputName: input.name, outputName: output.name }
}

/** Where the graph does not state the number of classes, one run on zeros counts them. */
async function withClassCount(
  compiler: Compiler,
  file: ModelFile,
  graph: GraphInspection,
): Promise<GraphInspection> {
  if (!graph.coverage.supported) return graph
  const shape = graph.inputs.find(({ name }) => name === graph.input)?.shape ?? []
  const sampleShape = shape.slice(1).map((size, axis) => size ?? (axis === 0 ? 3 : usualSize))
  try {
    const choices = { sampleShape, inputName: graph.input, outputName: graph.output }
    const classifier = await compiler.createClassifier(file, 1, choices)
    await classifier.release()
    return { ...graph, classCount: classifier.classCount }
  } catch {
    // The size guessed does not fit: the count stays unknown, and a card has to say more.
    return graph
  }
}

/** The graph as the card sees it. @throws AppError `invalid-card` when they contradict each other. */
export async function inspectWithCard(
  compiler: Compiler,
  file: ModelFile,
  card: ModelCard,
): Promise<GraphInspection> {
  const graph = await inspect(compiler, file, card.method ?? defaultMethod, choicesOf(card))
  checkCard(card, file.sha256, graph)
  return graph
}

/**
 * @param asked what decides which rule each node gets.
 * @param choices the input and output that are meant, and a sample’s size; names that the graph does not have are not
 *   minded.
 * @throws AppError `invalid-model` with a sentence that names the file, never a stack.
 */
export async function inspect(
  compiler: Compiler,
  file: ModelFile,
  asked: MethodName | CoverageOptions = defaultMethod,
  choices: InspectionChoices = {},
): Promise<GraphInspection> {
  try {
    const graph = await compiler.inspectGraph(file, asked, choices)
    return graph.classCount === null ? await withClassCount(compiler, file, graph) : graph
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError(
      'invalid-model',
      `“${file.name}” is not an ONNX model that can be read.`,
      'Export the model again.',
      { cause: error },
    )
  }
}
