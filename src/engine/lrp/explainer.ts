import { performance } from 'node:perf_hooks'
import { AppError } from '../../shared/errors'
import { hasSinglePass } from '../../shared/explanation/method'
import { repeated } from '../arrays/repeated'
import type { ModelSource } from '../onnx/externalData'
import { plainName } from '../onnx/names'
import { readModel } from '../onnx/read'
import { leavesCache, openCompiled } from './compiledSession'
import { conventionsOf } from './conventions'
import { createClassifier } from './classifier'
import type {
  Explainer,
  ExplainerOptions,
  Explanation,
  PointExplainer,
  StartsExplainer,
} from './explainerTypes'
import { readLedger } from './ledger'
import { createManyPasses, type Passes } from './methods/createManyPasses'
import { sizeOf } from './network'
import { assertWithinBox } from './outsideBox'
import { checkWholeNumbers } from './wholeNumbers'
import { eitherStart, startsOf } from './startRelevance'
import { startsApart } from './startsApart'
import { prepare } from './prepare/prepare'

/**
 * Makes a classifier and a method ready to explain.
 * @throws AppError `unsupported-operator` naming the node, `invalid-model`, or `invalid-input` for a node
 *   that relevance does not reach and for parameters that do not suit the model's input.
 */
export async function createExplainer(
  source: ModelSource,
  options: ExplainerOptions,
): Promise<Explainer> {
  const { method } = options
  if (hasSinglePass(method)) return createCompiled(source, options)
  assertNothingInside(options)
  return createManyPasses(method, options, passesOf(source, options))
}

/** What methods of many passes are made of. */
export function passesOf(source: ModelSource, options: ExplainerOptions): Passes {
  return {
    openGradient: (batch) => createCompiled(source, { ...options, batch }),
    openClassifier: (batch) => createClassifier(source, batch, options),
  }
}

/** Compiles the classifier and the method into one graph and opens it. */
async function createCompiled(
  source: ModelSource,
  options: ExplainerOptions,
): Promise<PointExplainer> {
  const { method } = options
  const started = performance.now()
  const model = readModel(source)
  const whole = await prepare(model, options)
  const network = leavesCache(whole, options)
    ? await prepare(model, { ...options, batch: 1 })
    : whole
  const [samples = 1] = whole.shape(whole.input)
  const opened = await openCompiled(network, options, 1, samples)
  const check = (input: Float32Array): void => checkWholeNumbers(input, network.wholeNumbers)
  const compileMs = performance.now() - started
  const [batch = 1] = opened.inputShape
  const view = eitherStart<PointExplainer>((start, startingAt) => ({
    inputShape: opened.inputShape,
    classCount: opened.classCount,
    runsOn: opened.session,
    compileMs,
    exactForward: network.exactForward,
    conventions: conventionsOf({ ...options, start }, network.notes),
    probabilities: network.finalActivation === 'Sigmoid' ? 'sigmoid' : 'softmax',
    startingAt,
    check,
    run: async (input, mask) => {
      if (hasSinglePass(method)) check(input)
      assertWithinBox(input, opened.inputShape, options)
      const results = await opened.run(input, mask, start)
      const asked = { method, start }
      const startRelevance = startsOf(asked, mask, results.logits, batch)
      const magnitude = startsOf(asked, mask, results.logits, batch, Math.abs)
      return {
        ...results,
        startRelevance,
        ledger:
          results.ledger &&
          opened.plan &&
          readLedger(opened.plan, summedRows(results.ledger, batch), sumOf(magnitude)),
        at: results.at && { shape: opened.atShape ?? [], values: results.at },
        measures: [],
      }
    },
    release: () => opened.session.release(),
  }))
  return view(options.start)
}

/**
 * As `createExplainer`, for several starts of one sample.
 * @param starts 2 or more.
 */
export async function createStartsExplainer(
  source: ModelSource,
  options: ExplainerOptions,
  starts: number,
): Promise<StartsExplainer> {
  if (!hasSinglePass(options.method))
    return oneByOne(await createExplainer(source, options), starts)
  const began = performance.now()
  const network = await prepare(readModel(source), { ...options, batch: 1 })
  const shared = startsApart(network)
  const rows = shared ? starts : 1
  const opened = await openCompiled(network, options, rows, 1)
  const { inputShape, classCount } = opened
  const sampleSize = sizeOf(inputShape)
  const compileMs = performance.now() - began
  const view = eitherStart<StartsExplainer>((start, startingAt) => ({
    inputShape,
    classCount,
    starts,
    shared,
    runsOn: opened.session,
    compileMs,
    exactForward: network.exactForward,
    conventions: conventionsOf({ ...options, start }, network.notes),
    startingAt,
    run: async (input, masks) => {
      checkWholeNumbers(input, network.wholeNumbers)
      assertWithinBox(input, inputShape, options)
      const asked = { method: options.method, start }
      const explained: Explanation[] = []
      for (let first = 0; first < starts; first += rows) {
        const mask = masks.subarray(first * classCount, (first + rows) * classCount)
        const results = await opened.run(input, mask, start)
        const logits = repeated(results.logits, rows)
        const startRelevance = startsOf(asked, mask, logits, rows)
        const magnitude = startsOf(asked, mask, logits, rows, Math.abs)
        for (let row = 0; row < rows; row++) {
          const part = (values: Float32Array): Float32Array =>
            values.slice((row * values.length) / rows, ((row + 1) * values.length) / rows)
          explained.push({
            relevance: results.relevance.slice(row * sampleSize, (row + 1) * sampleSize),
            logits: results.logits,
            startRelevance: startRelevance.slice(row, row + 1),
            ledger:
              results.ledger &&
              opened.plan &&
              readLedger(opened.plan, part(results.ledger), magnitude[row] ?? 0),
            at: results.at && { shape: opened.atShape ?? [], values: part(results.at) },
            measures: [],
          })
        }
      }
      return explained
    },
    release: () => opened.session.release(),
  }))
  return view(options.start)
}

/** Methods of many passes share nothing between their starts, and the start value changes nothing for them. */
function oneByOne(explainer: Explainer, starts: number): StartsExplainer {
  const { inputShape, classCount, runsOn, compileMs, exactForward, conventions } = explainer
  const made: StartsExplainer = {
    ...{ inputShape, classCount, runsOn, compileMs, exactForward, conventions },
    starts,
    shared: false,
    startingAt: () => made,
    run: async (input, masks) => {
      const explained: Explanation[] = []
      for (let start = 0; start < starts; start++) {
        const mask = masks.subarray(start * classCount, (start + 1) * classCount)
        explained.push(await explainer.run(input, mask))
      }
      return explained
    },
    release: () => explainer.release(),
  }
  return made
}

/** @throws AppError `invalid-input`: a mean over points has no relevance inside the network. */
function assertNothingInside({ method, at }: ExplainerOptions): void {
  if (at === undefined) return
  throw new AppError(
    'invalid-input',
    `Relevance at “${plainName(at)}” needs one pass back through the network, and ${method} makes many or none.`,
    'Choose gradient or a method of relevance propagation.',
  )
}

/** Σ over the rows of a row-major table. */
function summedRows(table: Float32Array, rows: number): Float64Array {
  const columns = table.length / rows
  const sums = new Float64Array(columns)
  for (const [at, value] of table.entries()) {
    sums[at % columns] = (sums[at % columns] ?? 0) + value
  }
  return sums
}

function sumOf(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0)
}

export { createClassifier } from './classifier'
export { inspectGraph } from './inspectGraph'
export { summariseLedger } from './ledger'
