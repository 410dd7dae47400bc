import { describe, expect, test } from 'vitest'
import { int } from '../../../../src/engine/onnx/attributes'
import { createExplainer, passesOf } from '../../../../src/engine/lrp/explainer'
import type { ExplainerOptions } from '../../../../src/engine/lrp/explainerTypes'
import { createManyPasses } from '../../../../src/engine/lrp/methods/createManyPasses'
import { noise, SmallNetwork } from '../support/smallNetwork'
import { expectClose, explainOnce, linear, measure, reluNetwork } from './small'

const method = 'smoothgrad'

/** f(x) = x₁² + 3 x₂², whose gradient (2 x₁, 6 x₂) depends on where one stands. */
function squares(): Uint8Array {
  const net = new SmallNetwork([2])
  const square = net.node('Mul', ['input', 'input'])
  return net.finish(net.node('Gemm', [square, net.floats('w', [1, 2], [1, 3])], { transB: int(1) }))
}

test('by hand, with given noise: the mean gradient, the last pass without noise', async () => {
  // x = (1, 3): σ = 0.5 · (3 − 1) = 1. Three passes: noise (1, −1), (2, 0), none.
  // Gradients (2·2, 6·2), (2·3, 6·3), (2, 18): their mean is (4, 16).
  const given = [1, -1, 2, 0]
  const options: ExplainerOptions = {
    method,
    parameters: { samples: 3, noise: 0.5 },
    start: 'unit',
    batch: 1,
  }
  const explainer = await createManyPasses(method, options, {
    ...passesOf(squares(), options),
    noiseOf: () => {
      let at = 0
      return () => given[at++] ?? Number.NaN
    },
  })
  const found = await explainer.run(Float32Array.of(1, 3), Float32Array.of(1))
  await explainer.release()
  expectClose(found.relevance, [4, 16], 1e-5)
  expect([...found.logits]).toEqual([28])
  expect(measure(found, 'standard deviation')).toBe(1)
})

describe('properties', () => {
  const { bytes } = reluNetwork()
  const input = noise(5, 72)

  test('without noise it is the gradient', async () => {
    const ours = await explainOnce(bytes, { method, parameters: { noise: 0 } }, input, [0, 0, 1])
    const plain = await explainOnce(bytes, { method: 'gradient' }, input, [0, 0, 1])
    expectClose(ours.relevance, plain.relevance)
  })

  test('one sample is the pass without noise', async () => {
    const ours = await explainOnce(bytes, { method, parameters: { samples: 1 } }, input, [1, 0, 0])
    const plain = await explainOnce(bytes, { method: 'gradient' }, input, [1, 0, 0])
    expectClose(ours.relevance, plain.relevance)
  })

  test('of a linear network it is the gradient, whatever the noise', async () => {
    const weights = [...noise(6, 9)]
    const ours = await explainOnce(
      linear([1, 3, 3], [weights], [0.5]),
      { method, parameters: { noise: 2, seed: 9 } },
      noise(7, 9),
      [1],
    )
    expectClose(ours.relevance, weights)
  })

  test('a seed gives the same map to the bit, another seed another', async () => {
    const seeded = (seed: number) =>
      explainOnce(bytes, { method, parameters: { seed, noise: 1 } }, input, [1, 0, 0])
    const [one, again, other] = [await seeded(7), await seeded(7), await seeded(8)]
    expect([...again.relevance]).toEqual([...one.relevance])
    expect([...other.relevance]).not.toEqual([...one.relevance])
  })

  test('an input’s map does not depend on what was explained before', async () => {
    const options: ExplainerOptions = { method, parameters: { noise: 1 }, start: 'unit', batch: 1 }
    const explainer = await createExplainer(bytes, options)
    const mask = Float32Array.of(1, 0, 0)
    const first = await explainer.run(input, mask)
    const second = await explainer.run(input, mask)
    await explainer.release()
    expect([...second.relevance]).toEqual([...first.relevance])
  })

  test('conventions state samples, noise, seed and generator', async () => {
    const options: ExplainerOptions = { method, parameters: { seed: 5 }, start: 'unit', batch: 1 }
    const explainer = await createExplainer(bytes, options)
    await explainer.release()
    const said = new Map(explainer.conventions.map(({ name, value }) => [name, value]))
    expect(said.get('samples n')).toBe('20')
    expect(said.get('noise σ')).toMatch(/^0\.1 · /)
    expect(said.get('seed')).toMatch(/^5 \(generator sfc32/)
  })
})
