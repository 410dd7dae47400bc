import { describe, expect, test } from 'vitest'
import type { MethodName, Start } from '../../../src/shared/explanation/method'
import {
  createClassifier,
  createExplainer,
  summariseLedger,
} from '../../../src/engine/lrp/explainer'
import { relativeL2 } from '../../support/npy'
import { examples, type Example } from './support/networks'
import { noise } from './support/smallNetwork'

const relevanceMethods: readonly MethodName[] = [
  'zero',
  'epsilon',
  'epsilon-plus',
  'epsilon-plus-flat',
  'epsilon-alpha2-beta1',
  'epsilon-alpha2-beta1-flat',
  'epsilon-gamma-box',
  'excitation-backprop',
]

const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1)

async function explain(
  example: Example,
  method: MethodName,
  input: Float32Array,
  start: Start = 'logit',
  mask?: readonly number[],
) {
  const batch = input.length / sizeOf(example.sampleShape)
  const explainer = await createExplainer(example.bytes, {
    method,
    parameters: method === 'epsilon-gamma-box' ? { low: -1, high: 1 } : {},
    start,
    batch,
  })
  const full = new Float32Array(batch * explainer.classCount)
  for (let sample = 0; sample < batch; sample++) {
    full.set(mask ?? [0, 1], sample * explainer.classCount)
  }
  const result = await explainer.run(input, full)
  await explainer.release()
  return result
}

describe.each(examples.map((example) => [example.name, example] as const))('%s', (_, example) => {
  const input = noise(7, sizeOf(example.sampleShape))

  test('the compiled graph computes the same logits as the model', async () => {
    const classifier = await createClassifier(example.bytes, 1)
    const plain = await classifier.run(input)
    await classifier.release()
    const { logits } = await explain(example, 'epsilon-plus', input)
    expect(relativeL2(logits, plain)).toBeLessThan(1e-5)
  })

  test('the gradient agrees with finite differences', async () => {
    const classifier = await createClassifier(example.bytes, 1)
    const logitAt = async (values: Float32Array): Promise<number> =>
      (await classifier.run(values))[1] ?? NaN
    const { relevance } = await explain(example, 'gradient', input, 'unit')
    const step = 1e-2
    const differences = new Float32Array(input.length)
    for (let i = 0; i < input.length; i++) {
      const shifted = (by: number): Float32Array => input.with(i, (input[i] ?? 0) + by)
      differences[i] =
        ((await logitAt(shifted(step))) - (await logitAt(shifted(-step)))) / (2 * step)
    }
    await classifier.release()
    // Kinks (ReLU, max) inside a step make single pixels differ: the bulk must agree.
    const errors = Array.from(differences, (value, i) => Math.abs(value - (relevance[i] ?? NaN)))
    const scale = Math.max(...Array.from(differences, Math.abs))
    const agreeing = errors.filter((error) => error < 0.01 * scale).length
    expect(scale).toBeGreaterThan(0)
    expect(agreeing / errors.length).toBeGreaterThan(0.9)
  })

  test('input × gradient is the product', async () => {
    const gradient = await explain(example, 'gradient', input, 'unit')
    const product = await explain(example, 'input-x-gradient', input, 'unit')
    expect(
      relativeL2(
        product.relevance,
        gradient.relevance.map((g, i) => g * (input[i] ?? 0)),
      ),
    ).toBeLessThan(1e-6)
    expect(product.ledger).toBeNull()
  })

  test.each(relevanceMethods)('%s: every layer balances, and so does the whole', async (method) => {
    const { relevance, ledger, startRelevance } = await explain(example, method, input)
    expect(ledger).not.toBeNull()
    const summary = summariseLedger(ledger ?? [])
    expect(summary.entries.length).toBeGreaterThan(2)
    expect(summary.balanced).toBe(true)
    // start = Σ R + everything the layers kept: a route that lost relevance would show here.
    const kept = summary.entries.reduce(
      (sum, { bias, stabiliser, unexplained, residual }) =>
        sum + bias + stabiliser + unexplained + residual,
      0,
    )
    const arrived = relevance.reduce((sum, value) => sum + value, 0)
    const scale = Math.max(...summary.entries.map(({ relevanceOut }) => Math.abs(relevanceOut)))
    expect(Math.abs((startRelevance[0] ?? NaN) - arrived - kept) / scale).toBeLessThan(1e-4)
  })

  test('a batch gives each sample what it gets alone', async () => {
    const other = noise(8, input.length)
    const both = new Float32Array([...input, ...other])
    const together = await explain(example, 'epsilon-plus-flat', both)
    const first = await explain(example, 'epsilon-plus-flat', input)
    const second = await explain(example, 'epsilon-plus-flat', other)
    const alone = new Float32Array([...first.relevance, ...second.relevance])
    expect(relativeL2(together.relevance, alone)).toBeLessThan(1e-5)
  })

  test('relevance is linear in the start: why A and not B is why A minus why B', async () => {
    const a = await explain(example, 'epsilon-plus', input, 'logit', [1])
    const b = await explain(example, 'epsilon-plus', input, 'logit', [0, 1])
    const contrast = await explain(example, 'epsilon-plus', input, 'logit', [1, -1])
    const difference = a.relevance.map((value, i) => value - (b.relevance[i] ?? NaN))
    expect(relativeL2(contrast.relevance, difference)).toBeLessThan(1e-4)
    expect(contrast.startRelevance[0]).toBeCloseTo((a.logits[0] ?? NaN) - (a.logits[1] ?? NaN), 5)
  })

  test('a unit start is a logit start over the logit', async () => {
    const logit = await explain(example, 'epsilon-plus', input, 'logit')
    const unit = await explain(example, 'epsilon-plus', input, 'unit')
    const scaled = unit.relevance.map((value) => value * (logit.logits[1] ?? NaN))
    expect(relativeL2(scaled, logit.relevance)).toBeLessThan(1e-5)
  })

  test('two runs are equal to the bit', async () => {
    const once = await explain(example, 'epsilon-gamma-box', input)
    const again = await explain(example, 'epsilon-gamma-box', input)
    expect(again.relevance).toEqual(once.relevance)
  })
})
