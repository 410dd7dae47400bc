import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, test } from 'vitest'
import type { MethodName } from '../../../src/shared/explanation/method'
import { createClassifier, createExplainer, inspectGraph } from '../../../src/engine/lrp/explainer'
import { repository } from '../support/paths'
import { expectAccountsToAddUp } from './families/accounts'
import { Random } from './randomGraphs/random'

const file = readFileSync(
  join(repository, 'test', 'fixtures', 'exported', 'paddle-text-direction.onnx'),
)
/** What the network was trained for: a line of text, 48 pixels high. */
const shape = [1, 3, 48, 192]
const sampleShape = shape.slice(1)

/** A smooth picture with some noise on it, in −1…1. */
const noise = new Random(5)
const picture = Float32Array.from({ length: 3 * 48 * 192 }, (_, at) => {
  const [y, x] = [Math.floor(at / 192) % 48, at % 192]
  return noise.between(-0.2, 0.2) + 0.6 * Math.sin(x / 7) * Math.cos(y / 5)
})

const methods: readonly MethodName[] = [
  'epsilon',
  'epsilon-plus',
  'epsilon-plus-flat',
  'epsilon-alpha2-beta1',
  'excitation-backprop',
  'attn-lrp',
]

describe('a MobileNet v3 as Paddle2ONNX wrote it', () => {
  test('every node is covered, and its Softmax stripped', async () => {
    const { coverage, classOutputs, logitsAreProbabilities } = await inspectGraph(
      file,
      'epsilon-plus-flat',
    )
    expect(coverage.supported).toBe(true)
    expect(coverage.nodes).toHaveLength(471)
    expect(classOutputs).toHaveLength(1)
    expect(logitsAreProbabilities).toBe(true)
  })

  test('the softmax of its logits is what the file puts out', async () => {
    const session = await InferenceSession.create(file)
    const results = await session.run({
      [session.inputNames[0] ?? '']: new Tensor('float32', picture, shape),
    })
    const expected = results[session.outputNames[0] ?? '']?.data
    await session.release()
    const classifier = await createClassifier(file, 1, { sampleShape })
    const [first = 0, second = 0] = await classifier.run(picture)
    await classifier.release()
    // Of two classes: the second has 1 / (1 + e^(first − second)).
    const share = 1 / (1 + Math.exp(first - second))
    expect(expected?.[1]).toBeCloseTo(share, 5)
    expect(expected?.[0]).toBeCloseTo(1 - share, 5)
  })

  test.each(methods)('%s: every account adds up', async (method) => {
    const options = { method, parameters: {}, start: 'logit', batch: 1, sampleShape } as const
    const explainer = await createExplainer(file, options)
    const explanation = await explainer.run(picture, Float32Array.of(1, 0))
    await explainer.release()
    expectAccountsToAddUp(explanation, 40)
  })

  test('the gradient is that of its logit', async () => {
    const options = { method: 'gradient', parameters: {}, start: 'unit', batch: 1, sampleShape } as const // prettier-ignore
    const explainer = await createExplainer(file, options)
    const { relevance } = await explainer.run(picture, Float32Array.of(1, 0))
    await explainer.release()
    const classifier = await createClassifier(file, 1, { sampleShape })
    const random = new Random(6)
    const direction = picture.map(() => random.between(-0.5, 0.5))
    const logitAt = async (step: number): Promise<number> => {
      const moved = picture.map((value, at) => value + step * (direction[at] ?? 0))
      return (await classifier.run(moved))[0] ?? Number.NaN
    }
    const step = 1e-4
    const numeric = ((await logitAt(step)) - (await logitAt(-step))) / (2 * step)
    await classifier.release()
    const along = relevance.reduce((sum, value, at) => sum + value * (direction[at] ?? 0), 0)
    // Logits of about 0.1 in float32, 1e-8 of rounding over 2e-4 of way: within 1e-3 of a slope of about 1.
    expect(Math.abs(numeric - along)).toBeLessThan(0.02 * Math.abs(along) + 1e-3)
    expect(Math.abs(along)).toBeGreaterThan(0.05)
  })
})
