import { AppError } from '../../../../src/shared/errors'
import {
  createClassifier,
  createExplainer,
  inspectGraph,
} from '../../../../src/engine/lrp/explainer'
import type { MethodName } from '../../../../src/shared/explanation/method'

export interface FuzzCase {
  readonly bytes: Uint8Array
  readonly method: MethodName
  /** [C, H, W], for inputs of open size. */
  readonly sampleShape: readonly number[]
}

/** How each of the three ways into a model ended: a result, or the sentence that refused it. */
export interface FuzzOutcome {
  readonly ends: readonly { readonly of: string; readonly end: string; readonly proper: boolean }[]
}

async function end(of: string, run: () => Promise<string>) {
  try {
    return { of, end: await run(), proper: true }
  } catch (error) {
    if (error instanceof AppError) {
      const sentence = error.message.length < 1000 && !/\n/.test(error.message)
      return { of, end: `${error.code}: ${error.message}`, proper: sentence && error.code !== 'internal' } // prettier-ignore
    }
    return { of, end: error instanceof Error ? (error.stack ?? '') : String(error), proper: false }
  }
}

/** What explains must be what predicts, as the application asks as well. */
function compare(ours: Float32Array, predicted: Float32Array): void {
  const largest = predicted.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3)
  const worst = predicted.reduce((most, value, c) => Math.max(most, Math.abs(value - (ours[c] ?? NaN))), 0) // prettier-ignore
  if (!(worst <= 1e-3 * largest)) throw new Error(`logits differ by ${worst} of ${largest}`)
}

async function outcomeOf({ bytes, method, sampleShape }: FuzzCase): Promise<FuzzOutcome> {
  const inputOf = (shape: readonly number[]): Float32Array =>
    Float32Array.from({ length: shape.reduce((product, n) => product * n, 1) }, (_, i) => i % 3)
  const inspected = await end('inspect', async () => {
    const { classCount, coverage } = await inspectGraph(bytes, method)
    return `${classCount} classes, ${coverage.nodes.length} nodes`
  })
  let logits: Float32Array | null = null
  const classified = await end('classify', async () => {
    const classifier = await createClassifier(bytes, 1, { sampleShape })
    try {
      logits = await classifier.run(inputOf(classifier.inputShape))
      return `${logits.length} logits`
    } finally {
      await classifier.release()
    }
  })
  const explained = await end('explain', async () => {
    const explainer = await createExplainer(bytes, {
      method,
      parameters: {},
      start: 'logit',
      batch: 1,
      sampleShape,
    })
    try {
      const [batch = 1] = explainer.inputShape
      const mask = new Float32Array(batch * explainer.classCount)
      mask[0] = 1
      const result = await explainer.run(inputOf(explainer.inputShape), mask)
      if (logits && explainer.exactForward) compare(result.logits, logits)
      return `${result.relevance.length} numbers`
    } finally {
      await explainer.release()
    }
  })
  return { ends: [inspected, classified, explained] }
}

process.on('message', (fuzzCase: FuzzCase) => {
  void outcomeOf(fuzzCase).then((outcome) => process.send?.(outcome))
})
process.send?.('ready')
