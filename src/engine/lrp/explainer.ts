import { performance } from 'node:perf_hooks'
import { AppError } from '../../shared/errors'
import type { MethodName } from '../../shared/explanation/method'
import { DataType } from '../onnx/model'
import { readModel } from '../onnx/read'
import { floatData, floatFeed, openSession } from '../onnx/runtime'
import { classCountOf, compile, compiledNames } from './compile'
import { conventionsOf } from './conventions'
import { findCoverage } from './coverage'
import type {
  Classifier,
  Explainer,
  ExplainerOptions,
  Explanation,
  GraphInspection,
} from './explainerTypes'
import { readLedger } from './ledger'
import { sizeOf } from './network'
import { prepare } from './prepare/prepare'
import { trim, type PrepareOptions } from './prepare/trim'

/**
 * The plain forward pass, up to the logits.
 * @throws AppError `invalid-model`
 */
export async function createClassifier(
  bytes: Uint8Array,
  batch: number,
  options: Omit<PrepareOptions, 'batch'> = {},
): Promise<Classifier> {
  const started = performance.now()
  const model = readModel(bytes)
  const trimmed = trim(model, { ...options, batch })
  const { inputShape, input, logits } = trimmed
  const session = await openSession(
    {
      ...model,
      graph: {
        ...trimmed.graph,
        inputs: [{ name: input.name, dataType: DataType.float, dims: inputShape }],
        outputs: [{ name: logits, dataType: DataType.float, dims: [] }],
      },
    },
    'all',
  )
  const run = async (values: Float32Array): Promise<Float32Array> => {
    const results = await session.run({ [input.name]: floatFeed(values, inputShape) })
    return floatData(results[logits])
  }
  const probe = await session.run({
    [input.name]: floatFeed(new Float32Array(sizeOf(inputShape)), inputShape),
  })
  return {
    inputShape,
    classCount: classCountOf(inputShape, probe[logits]?.dims ?? []),
    probabilities: trimmed.finalActivation === 'Sigmoid' ? 'sigmoid' : 'softmax',
    provider: session.provider,
    compileMs: performance.now() - started,
    run,
    release: () => session.release(),
  }
}

/**
 * Compiles the classifier and the method into one graph and opens it.
 * @throws AppError `unsupported-operator` naming the node, or `invalid-model`.
 */
export async function createExplainer(
  bytes: Uint8Array,
  options: ExplainerOptions,
): Promise<Explainer> {
  const started = performance.now()
  const network = await prepare(readModel(bytes), options)
  const compiled = compile(network, { ...options, ledger: options.ledger ?? true })
  const session = await openSession(compiled.model, 'all')
  const inputShape = network.shape(network.input)
  const { classCount } = compiled
  const [batch = 1] = inputShape

  const run = async (input: Float32Array, mask: Float32Array): Promise<Explanation> => {
    const results = await session.run({
      [network.input]: floatFeed(input, inputShape),
      [compiledNames.mask]: floatFeed(mask, [batch, classCount]),
    })
    const relevance = floatData(results[compiledNames.relevance])
    const logits = floatData(results[compiledNames.logits])
    if (!relevance.every(Number.isFinite)) {
      throw new AppError(
        'invalid-input',
        'The relevance of this input is not finite: a number overflowed on the way back.',
        'Try the method epsilon-plus-flat, or a larger epsilon.',
      )
    }
    const startRelevance = new Float32Array(batch)
    let startMagnitude = 0
    for (const [at, share] of mask.entries()) {
      const start = options.start === 'logit' ? share * (logits[at] ?? 0) : share
      const sample = Math.floor(at / classCount)
      startRelevance[sample] = (startRelevance[sample] ?? 0) + start
      startMagnitude += Math.abs(start)
    }
    const ledger = results[compiledNames.ledger]
    return {
      relevance,
      logits,
      startRelevance,
      ledger: ledger ? readLedger(compiled.ledgerRows, floatData(ledger), startMagnitude) : null,
    }
  }
  return {
    inputShape,
    classCount,
    provider: session.provider,
    compileMs: performance.now() - started,
    conventions: conventionsOf(options, network.notes),
    run,
    release: () => session.release(),
  }
}

/** Reads what the graph says of itself, without running anything. */
export function inspectGraph(
  bytes: Uint8Array,
  method: MethodName,
  outputName?: string,
): Promise<GraphInspection> {
  const model = readModel(bytes)
  const sampleShape = (model.graph.inputs[0]?.dims ?? []).slice(1).map((size) => size ?? 1)
  const trimmed = trim(model, { batch: 1, sampleShape, outputName })
  const output =
    model.graph.outputs.find(({ name }) => name === outputName) ?? model.graph.outputs[0]
  return Promise.resolve({
    coverage: findCoverage(model, trimmed, method),
    inputs: model.graph.inputs.map(({ name, dims }) => ({ name, shape: dims })),
    outputs: model.graph.outputs.map(({ name, dims }) => ({ name, shape: dims })),
    classCount: output?.dims[1] ?? null,
    logitsAreProbabilities: trimmed.strippedNames.size > 0,
  })
}

export { summariseLedger } from './ledger'
