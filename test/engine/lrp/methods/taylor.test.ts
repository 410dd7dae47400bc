import { describe, expect, test } from 'vitest'
import { createClassifier } from '../../../../src/engine/lrp/classifier'
import { createExplainer } from '../../../../src/engine/lrp/explainer'
import { bisect, type Stop } from '../../../../src/engine/lrp/methods/rootSearch'
import { noise } from '../support/smallNetwork'
import { expectClose, explainOnce, linear, measure, oneHiddenLayer, reluNetwork } from './small'

const method = 'taylor'

describe('one class, f = 2 x₁ − x₂ + 1', () => {
  const bytes = linear([2], [[2, -1]], [1])

  test('by hand: the root on the way to the baseline', async () => {
    // f(−3, 1) = −6, f(0, 0) = 1. On the line s·(−3, 1): 1 − 7 s = 0, x₀ = (−3/7, 1/7).
    // R = (2 · (−3 + 3/7), −1 · (1 − 1/7)) = (−36/7, −6/7), which sum to −6; no remainder.
    const found = await explainOnce(bytes, { method }, [-3, 1], [1])
    expectClose(found.relevance, [-36 / 7, -6 / 7], 2e-6)
    expect(measure(found, 'score of the input')).toBeCloseTo(-6, 6)
    expect(Math.abs(measure(found, 'score at the root'))).toBeLessThan(2e-6)
    expect(measure(found, 'sum of the relevance')).toBeCloseTo(-6, 5)
    expect(Math.abs(measure(found, 'remainder'))).toBeLessThan(2e-6)
    // ‖x − x₀‖ = 6/7 · √10
    expect(measure(found, 'distance')).toBeCloseTo((6 / 7) * Math.sqrt(10), 5)
    expect(measure(found, 'root towards')).toBe(1)
    expect([...found.logits]).toEqual([-6])
  })

  test('by hand: the root along the gradient', async () => {
    // f(3, 1) = 6 has the sign of f(0, 0) = 1. x₀ = x − f ∇f/‖∇f‖² = (3, 1) − 6/5 (2, −1) = (0.6, 2.2);
    // R = (2 · 2.4, −1 · (1 − 2.2)) = (4.8, 1.2).
    const found = await explainOnce(bytes, { method }, [3, 1], [1])
    expectClose(found.relevance, [4.8, 1.2], 2e-6)
    expect(measure(found, 'root towards')).toBe(0)
    expect(measure(found, 'distance')).toBeCloseTo(6 / Math.sqrt(5), 5)
  })

  test('an input on the boundary is its own root', async () => {
    const found = await explainOnce(bytes, { method }, [0, 1], [1])
    expect([...found.relevance].map(Math.abs)).toEqual([0, 0])
    expect(measure(found, 'halvings')).toBe(0)
    expect(measure(found, 'distance')).toBe(0)
  })

  test('few halvings leave the root inexact, and the measures say so', async () => {
    // s from 0 to 1 (towards 0): after two halvings ¾ and 1 remain; f(¼·(−3, 1)) = −0.75, f(0) = 1.
    const found = await explainOnce(bytes, { method, parameters: { steps: 2 } }, [-3, 1], [1])
    expect(measure(found, 'halvings')).toBe(2)
    expect(measure(found, 'score at the root')).toBeCloseTo(-0.75, 6)
    expect(measure(found, 'sum of the relevance')).toBeCloseTo(-5.25, 5)
    expect(measure(found, 'remainder')).toBeCloseTo(0, 5)
  })
})

describe('which function is decomposed', () => {
  // z = (x₁, x₂, 1)
  const weights = [
    [1, 0],
    [0, 1],
    [0, 0],
  ]
  const bias = [0, 0, 1]

  test('of several classes the logit less the largest other one', async () => {
    // x = (4, 2): f = 4 − 2 = 2; at the baseline 0 the third class leads: f = −1.
    // On s·(4, 2): above s = ½ the rival is class 1, f = 2 s > 0; below it class 2, f = 4 s − 1: x₀ = (1, ½).
    // Held against class 2 the gradient is (1, 0): R = (3, 0), remainder 2 − 0 − 3 = −1.
    const found = await explainOnce(linear([2], weights, bias), { method }, [4, 2], [1, 0, 0])
    expectClose(found.relevance, [3, 0], 2e-6)
    expect(measure(found, 'score of the input')).toBeCloseTo(2, 6)
    expect(measure(found, 'remainder')).toBeCloseTo(-1, 5)
  })

  test('a contrast decides for itself', async () => {
    // f = z₀ − z₁ = x₁ − x₂ = 2, and 0 at the baseline: x₀ = 0, R = (4, −2).
    const found = await explainOnce(linear([2], weights, bias), { method }, [4, 2], [1, -1, 0])
    expectClose(found.relevance, [4, -2], 2e-6)
    expect([...found.startRelevance]).toEqual([0])
  })

  test('where a sigmoid decides, the logit alone', async () => {
    // f = z₀ = x₁ = 4, and 0 at the baseline: R = (4, 0).
    const bytes = linear([2], weights, bias, 'Sigmoid')
    const found = await explainOnce(bytes, { method }, [4, 2], [1, 0, 0])
    expectClose(found.relevance, [4, 0], 2e-6)
    const options = { method, parameters: {}, start: 'unit', batch: 1 } as const
    const words = async (model: Uint8Array) => {
      const explainer = await createExplainer(model, options)
      await explainer.release()
      return explainer.conventions.find(({ name }) => name === 'explained function f')?.value
    }
    expect(await words(bytes)).toMatch(/^the logit;/)
    expect(await words(linear([2], weights, bias))).toMatch(/^the logit less the largest other one/)
  })
})

describe('on a ReLU network', () => {
  const { bytes } = reluNetwork()

  test.each([
    [1, [1, 0, 0]],
    [2, [0, 1, 0]],
    [3, [0, 0, 1]],
    [4, [1, 0, -1]],
  ])('input %i: a root, and sums that add up', async (seed, mask) => {
    const input = noise(seed, 72).map((value) => 2 * value)
    const found = await explainOnce(bytes, { method }, input, mask)
    const score = measure(found, 'score of the input')
    expect(Math.abs(score)).toBeGreaterThan(0.01)
    // Float rounding of logits of this size.
    expect(Math.abs(measure(found, 'score at the root'))).toBeLessThan(2e-6)
    const sum = found.relevance.reduce((total, value) => total + value, 0)
    expect(measure(found, 'sum of the relevance')).toBeCloseTo(sum, 10)
    expect(measure(found, 'remainder')).toBeCloseTo(
      score - measure(found, 'score at the root') - sum,
      10,
    )
    expect(measure(found, 'distance')).toBeGreaterThan(0)
  })

  test('its score is that of the plain classifier', async () => {
    const input = noise(2, 72)
    const found = await explainOnce(bytes, { method }, input, [0, 1, 0])
    const classifier = await createClassifier(bytes, 1)
    const [z0 = 0, z1 = 0, z2 = 0] = await classifier.run(input)
    await classifier.release()
    expect(measure(found, 'score of the input')).toBeCloseTo(z1 - Math.max(z0, z2), 5)
  })
})

describe('without a root', () => {
  test('a score that cannot be 0 is refused', async () => {
    // f = relu(x) + 1 is never below 1.
    const bytes = oneHiddenLayer([[1]], [0], [[1]], [1])
    await expect(explainOnce(bytes, { method }, [2], [1])).rejects.toThrow(/No root of the score/)
  })

  test('and so is one without a gradient', async () => {
    // relu(−5) is off, so f = 1 around x.
    const bytes = oneHiddenLayer([[1]], [0], [[1]], [1])
    await expect(explainOnce(bytes, { method }, [-5], [1])).rejects.toThrow(/No root of the score/)
  })
})

describe('bisection', () => {
  const stopAt = (t: number): Promise<Stop> =>
    Promise.resolve({ t, point: Float32Array.of(t), score: 1 - t ** 2 / 2 })

  test('finds √2 to the last bit of float32, and then stops', async () => {
    const told: number[] = []
    const root = await bisect(await stopAt(0), await stopAt(4), 100, stopAt, (n) => told.push(n))
    expect(Math.abs((root.at.point[0] ?? 0) - Math.SQRT2)).toBeLessThan(1.2e-7)
    expect(root.halvings).toBeLessThan(30)
    expect(told).toEqual(Array.from({ length: root.halvings }, (_, n) => n + 1))
  })

  test('takes the end that is nearer to 0', async () => {
    const root = await bisect(await stopAt(1.4), await stopAt(4), 0, stopAt, () => undefined)
    expect(root.at.t).toBe(1.4)
    const other = await bisect(await stopAt(0), await stopAt(1.42), 0, stopAt, () => undefined)
    expect(other.at.t).toBe(1.42)
  })
})
