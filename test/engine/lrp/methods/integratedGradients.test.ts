import { describe, expect, test } from 'vitest'
import { createExplainer, createStartsExplainer } from '../../../../src/engine/lrp/explainer'
import type { ExplainerOptions } from '../../../../src/engine/lrp/explainerTypes'
import { noise } from '../support/smallNetwork'
import {
  channelsLast,
  expectClose,
  explainOnce,
  linear,
  measure,
  oneHiddenLayer,
  reluNetwork,
  reluNetworkChannelsLast,
} from './small'

const method = 'integrated-gradients'

describe('by hand', () => {
  // f(x) = relu(x₁ − 1) + 2 x₂ from 0 to (3, 1): f(x) = 4, f(0) = 0.
  const bytes = oneHiddenLayer(
    [
      [1, 0],
      [0, 1],
    ],
    [-1, 0],
    [[1, 2]],
    [0],
  )

  test('a right Riemann sum: three points', async () => {
    // x₁ at the points: 1, 2, 3. The unit is on above 1: 0, 1, 1, so R₁ = 3 · 2/3 = 2; R₂ = 1 · 2.
    const found = await explainOnce(bytes, { method, parameters: { steps: 3 } }, [3, 1], [1])
    expectClose(found.relevance, [2, 2])
    expect(measure(found, 'score of the input')).toBeCloseTo(4, 6)
    expect(measure(found, 'score of the baseline')).toBeCloseTo(0, 6)
    expect(measure(found, 'completeness residual')).toBeCloseTo(0, 6)
    expect([...found.logits]).toEqual([4])
    expect([...found.startRelevance]).toEqual([1])
    expect(found.ledger).toBeNull()
  })

  test('two points overestimate, and the residual says by how much', async () => {
    // x₁ at the points: 1.5, 3, both on: R₁ = 3, Σ R = 5, f(x) − f(0) = 4.
    const found = await explainOnce(bytes, { method, parameters: { steps: 2 } }, [3, 1], [1])
    expectClose(found.relevance, [3, 2])
    expect(measure(found, 'completeness residual')).toBeCloseTo(1, 6)
  })

  test('20 points when nothing is said', async () => {
    // On above i/20 · 3 > 1: i = 7…20, 14 of 20.
    const found = await explainOnce(bytes, { method }, [3, 1], [1])
    expectClose(found.relevance, [(3 * 14) / 20, 2])
  })
})

describe('on a linear network', () => {
  const weights = [noise(1, 12), noise(2, 12)].map((row) => [...row])
  const bytes = linear([3, 2, 2], weights, [0.3, -0.2])
  const input = noise(3, 12)

  test.each([1, 7])('it is input × gradient, at %i steps', async (steps) => {
    const ours = await explainOnce(bytes, { method, parameters: { steps } }, input, [0, 1])
    const plain = await explainOnce(bytes, { method: 'input-x-gradient' }, input, [0, 1])
    expectClose(ours.relevance, plain.relevance)
  })

  test('from any baseline it is w · (x − b)', async () => {
    const ours = await explainOnce(
      bytes,
      { method, parameters: { baseline: 'high', high: [1, 2, 3] } },
      input,
      [1, 0],
    )
    const wanted = weights[0]?.map((w, d) => w * ((input[d] ?? 0) - (1 + Math.floor(d / 4))))
    expectClose(ours.relevance, wanted ?? [], 1e-5)
    expect(Math.abs(measure(ours, 'completeness residual'))).toBeLessThan(1e-5)
  })
})

describe('on a piecewise linear network', () => {
  const { bytes, sampleShape } = reluNetwork()
  const input = noise(4, 72)

  test('the sum approaches the difference of the scores with more steps', async () => {
    const residuals: number[] = []
    for (const steps of [2, 32, 2048]) {
      const found = await explainOnce(bytes, { method, parameters: { steps } }, input, [0, 1, 0])
      residuals.push(Math.abs(measure(found, 'completeness residual')))
    }
    const [few = 0, more = 0, most = 1] = residuals
    // A right Riemann sum of a function with jumps errs by O(1/n).
    expect(more).toBeLessThan(few / 4)
    expect(most).toBeLessThan(few / 200)
    expect(few).toBeGreaterThan(0.01)
  })

  test('many points a run give what one a run gives', async () => {
    // A model that is written for one sample: its batch is fixed.
    const single = await explainOnce(bytes, { method: 'gradient' }, input, [0, 1, 0])
    const one = await explainOnce(bytes, { method, parameters: { steps: 1 } }, input, [0, 1, 0])
    expectClose(
      one.relevance,
      single.relevance.map((value, d) => value * (input[d] ?? 0)),
    )
    const options: ExplainerOptions = {
      method: 'gradient',
      parameters: {},
      start: 'unit',
      batch: 1,
    }
    const gradient = await createExplainer(bytes, options)
    const sum = new Float64Array(input.length)
    for (let i = 1; i <= 20; i++) {
      const point = input.map((value) => (i / 20) * value)
      const { relevance } = await gradient.run(point, Float32Array.of(0, 1, 0))
      for (const [d, value] of relevance.entries()) sum[d] = (sum[d] ?? 0) + value
    }
    await gradient.release()
    const ours = await explainOnce(bytes, { method }, input, [0, 1, 0])
    expectClose(
      ours.relevance,
      sum.map((value, d) => (value * (input[d] ?? 0)) / 20),
      1e-6,
    )
  })

  test('“why A and not B” is the difference of the two', async () => {
    const explain = (mask: number[]) => explainOnce(bytes, { method }, input, mask)
    const [a, b, contrast] = [await explain([1, 0, 0]), await explain([0, 0, 1]), await explain([1, 0, -1])] // prettier-ignore
    expectClose(
      contrast.relevance,
      a.relevance.map((value, d) => value - (b.relevance[d] ?? 0)),
      2e-6,
    )
    expect(measure(contrast, 'score of the input')).toBeCloseTo(
      (a.logits[0] ?? NaN) - (a.logits[2] ?? NaN),
      5,
    )
    expect([...contrast.startRelevance]).toEqual([0])
  })

  test.each(['zero', 'mean', 'blur'] as const)('channels last, baseline %s', async (baseline) => {
    const parameters = { baseline }
    const first = await explainOnce(bytes, { method, parameters }, input, [1, 0, 0])
    const last = await explainOnce(
      reluNetworkChannelsLast(),
      { method, parameters, layout: 'NHWC' },
      channelsLast(input, 2),
      [1, 0, 0],
    )
    expectClose(last.relevance, channelsLast(first.relevance, 2), 2e-6)
  })

  test('progress counts every point', async () => {
    const options: ExplainerOptions = { method, parameters: { steps: 5 }, start: 'unit', batch: 1 }
    const explainer = await createExplainer(bytes, options)
    const told: [number, number][] = []
    await explainer.run(input, Float32Array.of(1, 0, 0), (done, total) => told.push([done, total]))
    await explainer.release()
    expect(told[0]).toEqual([0, 6])
    expect(told.at(-1)).toEqual([6, 6])
    expect(explainer.inputShape).toEqual([1, ...sampleShape])
  })

  test('several starts are explained one after another', async () => {
    const options: ExplainerOptions = { method, parameters: { steps: 3 }, start: 'unit', batch: 1 }
    const starts = await createStartsExplainer(bytes, options, 2)
    expect(starts.shared).toBe(false)
    const found = await starts.run(input, Float32Array.of(1, 0, 0, 0, 1, -1))
    await starts.release()
    const alone = await explainOnce(bytes, { ...options }, input, [0, 1, -1])
    expect(found).toHaveLength(2)
    expect([...(found[1]?.relevance ?? [])]).toEqual([...alone.relevance])
  })
})

test('there is no relevance inside the network to ask for', async () => {
  await expect(
    explainOnce(linear([2], [[1, 2]], [0]), { method, at: 'Gemm_0' }, [1, 2], [1]),
  ).rejects.toThrow(/needs one pass back through the network/)
})

test('conventions state formula, steps and baseline', async () => {
  const explainer = await createExplainer(linear([1, 2, 2], [[1, 2, 3, 4]], [0]), {
    method,
    parameters: { steps: 7, baseline: 'low', low: -2 },
    start: 'unit',
    batch: 1,
  })
  await explainer.release()
  const said = new Map(explainer.conventions.map(({ name, value }) => [name, value]))
  expect(said.get('method')).toBe(method)
  expect(said.get('steps n')).toBe('7')
  expect(said.get('baseline b')).toMatch(/^low: .*: -2$/)
  expect(said.get('formula')).toMatch(/right Riemann sum/)
})
