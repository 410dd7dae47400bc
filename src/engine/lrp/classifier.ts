import { performance } from 'node:perf_hooks'
import { AppError } from '../../shared/errors'
import { int } from '../onnx/attributes'
import { floatTensor, packElements } from '../onnx/elements'
import type { ModelSource } from '../onnx/externalData'
import { floatModel, type FloatModel } from '../onnx/floatModel'
import { ancestorsOf } from '../onnx/graphIndex'
import { DataType, type Model, type Node, type Tensor } from '../onnx/model'
import { ownPrefix } from '../onnx/names'
import { readModel } from '../onnx/read'
import { floatData, floatFeed, openSession } from '../onnx/runtime'
import { classCountOf } from './compile'
import type { ExplainerOptions, PlainClassifier } from './explainerTypes'
import { sizeOf } from './network'
import { firstNotFinite } from './notFinite'
import { withRealWeights } from './prepare/realWeights'
import { assertRunnable } from './prepare/runnable'
import { trim, type PrepareOptions, type Trimmed } from './prepare/trim'
import { checkWholeNumbers } from './wholeNumbers'

/**
 * The plain forward pass, up to the logits: of a quantised model the quantised one.
 * @throws AppError `invalid-model`, or `unsupported-operator` for a node that ONNX Runtime cannot run
 */
export async function createClassifier(
  source: ModelSource,
  batch: number,
  options: Omit<PrepareOptions, 'batch'> & Pick<ExplainerOptions, 'runtime'> = {},
): Promise<PlainClassifier> {
  const started = performance.now()
  const float = floatModel(readModel(source))
  const trimmed = trim(float.model, { ...options, batch })
  const { inputShape, input } = trimmed
  const forward = forwardModel(float, trimmed)
  assertRunnable(forward.graph)
  const model = float.own ? forward : await withRealWeights(forward)
  const logits = model.graph.outputs[0]?.name ?? ''
  const session = await openSession(model, 'all', options.runtime)
  const feedsOf = (values: Float32Array) => ({ [input.name]: floatFeed(values, inputShape) })
  const wholeNumbers = float.wholeNumbers(input.name)
  const run = async (values: Float32Array): Promise<Float32Array> => {
    checkWholeNumbers(values, wholeNumbers)
    const results = await session.run(feedsOf(values))
    const found = floatData(results[logits])
    if (found.every(Number.isFinite)) return found
    const node = await firstNotFinite(model, feedsOf(values))
    if (!node) return found
    throw new AppError(
      'invalid-model',
      `Node “${node.name}” (${node.operator}) computed a number that is not finite for this input, so there is nothing to show.`,
      'Check the model’s weights and the scaling in its card.',
    )
  }
  const probe = await session.run(feedsOf(new Float32Array(sizeOf(inputShape))))
  const classCount = classCountOf(inputShape, probe[logits]?.dims ?? [])
  if (classCount === 0) {
    throw new AppError(
      'invalid-model',
      'The model has no classes: its logits have no elements.',
      'Check the model, and the input size in its card.',
    )
  }
  return {
    inputShape,
    classCount,
    probabilities: trimmed.finalActivation === 'Sigmoid' ? 'sigmoid' : 'softmax',
    wholeNumbers,
    runsOn: session,
    compileMs: performance.now() - started,
    run,
    release: () => session.release(),
  }
}

/** From the float32 input to float32 logits, through the model's own whole numbers where it has some. */
function forwardModel(float: FloatModel, { graph, input, inputShape, logits }: Trimmed): Model {
  const { own, model } = float
  const inputs = [{ name: input.name, dataType: DataType.float, dims: inputShape }]
  const output = (name: string) => [{ name, dataType: DataType.float, dims: [] }]
  if (!own) return { ...model, graph: { ...graph, inputs, outputs: output(logits) } }
  const nodes = ancestorsOf(own.graph.nodes, logits)
  const used = new Set(nodes.flatMap((node) => node.inputs))
  const initializers = new Map([...own.graph.initializers].filter(([name]) => used.has(name)))
  const before = wholeInput(own, input.name)
  const behind = realLogits(float, logits)
  for (const tensor of behind?.tensors ?? []) initializers.set(tensor.name, tensor)
  return {
    ...own,
    graph: {
      ...own.graph,
      nodes: [
        ...(before ? [before.node] : []),
        ...nodes.map((node) =>
          before
            ? { ...node, inputs: node.inputs.map((name) => (name === input.name ? before.value : name)) } // prettier-ignore
            : node,
        ),
        ...(behind ? [behind.node] : []),
      ],
      initializers,
      inputs,
      outputs: output(behind?.node.outputs[0] ?? logits),
    },
  }
}

/** Floats as the whole numbers that the model takes. */
function wholeInput(own: Model, input: string): { node: Node; value: string } | null {
  const dataType = own.graph.inputs.find(({ name }) => name === input)?.dataType
  if (dataType === undefined || dataType === DataType.float) return null
  const value = `${ownPrefix}whole:${input}`
  const node: Node = {
    name: value,
    operator: 'Cast',
    domain: '',
    inputs: [input],
    outputs: [value],
    attributes: new Map([['to', int(dataType)]]),
  }
  return { node, value }
}

/** Logits that are whole numbers, by their scale. */
function realLogits(
  { quantised }: FloatModel,
  logits: string,
): { node: Node; tensors: Tensor[] } | null {
  const quantisation = quantised.get(logits)
  if (!quantisation) return null
  const { scale, zeroPoint, dataType } = quantisation
  const own = (part: string): string => `${ownPrefix}logits:${part}`
  const node: Node = {
    name: own('real'),
    operator: 'DequantizeLinear',
    domain: '',
    inputs: [logits, own('scale'), own('zero')],
    outputs: [own('real')],
    attributes: new Map(),
  }
  return {
    node,
    tensors: [
      floatTensor(own('scale'), [], Float32Array.of(scale)),
      { name: own('zero'), dims: [], dataType, raw: packElements([zeroPoint], dataType) },
    ],
  }
}
