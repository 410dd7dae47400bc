import { describe, expect, test } from 'vitest'
import { noise } from '../support/smallNetwork'
import { expectClose, explainOnce, oneHiddenLayer, reluNetwork } from './small'

describe('by hand', () => {
  // Units h₁ = x₁ − x₂, h₂ = x₁ + x₂, h₃ = −x₁, h₄ = −x₂ at x = (2, 1): 1, 3, −2, −1; the first two are on.
  // The logit gives them the gradient v = (1, −1, 2, −3).
  const bytes = oneHiddenLayer(
    [
      [1, -1],
      [1, 1],
      [-1, 0],
      [0, -1],
    ],
    [0, 0, 0, 0],
    [[1, -1, 2, -3]],
    [0],
  )
  const input = [2, 1]

  test('the gradient: every active unit', async () => {
    // 1·(1, −1) − 1·(1, 1) = (0, −2)
    const found = await explainOnce(bytes, { method: 'gradient' }, input, [1])
    expectClose(found.relevance, [0, -2])
  })

  test('guided backpropagation: active units with positive gradient', async () => {
    // 1·(1, −1): of the active units only the first has a positive gradient.
    const found = await explainOnce(bytes, { method: 'guided-backprop' }, input, [1])
    expectClose(found.relevance, [1, -1])
  })

  test('a deconvnet: positive gradient, active or not', async () => {
    // 1·(1, −1) + 2·(−1, 0) = (−1, −1)
    const found = await explainOnce(bytes, { method: 'deconvnet' }, input, [1])
    expectClose(found.relevance, [-1, -1])
  })

  test('the class held against starts with −1', async () => {
    // Two classes, v = (1, −1, 2, −3) and its opposite: A − B has twice the gradient of A.
    const both = oneHiddenLayer(
      [
        [1, -1],
        [1, 1],
        [-1, 0],
        [0, -1],
      ],
      [0, 0, 0, 0],
      [
        [1, -1, 2, -3],
        [-1, 1, -2, 3],
      ],
      [0, 0],
    )
    const guided = await explainOnce(both, { method: 'guided-backprop' }, input, [1, -1])
    expectClose(guided.relevance, [2, -2])
    const deconvnet = await explainOnce(both, { method: 'deconvnet' }, input, [1, -1])
    expectClose(deconvnet.relevance, [-2, -2])
  })
})

test('where all weights are positive, the three agree at active units', async () => {
  // h = (x₁ + 2 x₂, 3 x₁ + x₂), both on; v = (1, 2): the gradient is (7, 4).
  const bytes = oneHiddenLayer(
    [
      [1, 2],
      [3, 1],
    ],
    [0, 0],
    [[1, 2]],
    [0],
  )
  for (const method of ['gradient', 'guided-backprop', 'deconvnet'] as const) {
    const found = await explainOnce(bytes, { method }, [0.5, 0.25], [1])
    expectClose(found.relevance, [7, 4])
  }
})

test('the start does not matter, and a negative one is let through by no ReLU', async () => {
  const { bytes } = reluNetwork()
  const input = noise(8, 72)
  for (const method of ['gradient', 'guided-backprop', 'deconvnet'] as const) {
    const unit = await explainOnce(bytes, { method, start: 'unit' }, input, [0, 1, 0])
    const logit = await explainOnce(bytes, { method, start: 'logit' }, input, [0, 1, 0])
    expect([...logit.relevance]).toEqual([...unit.relevance])
    expect([...logit.startRelevance]).toEqual([1])
    expect(logit.ledger).toBeNull()
  }
  // The dense layer lies behind the last ReLU, so what arrives there has the weights' signs alone.
  const plus = await explainOnce(bytes, { method: 'guided-backprop' }, input, [0, 1, 0])
  const minus = await explainOnce(bytes, { method: 'guided-backprop' }, input, [0, -1, 0])
  expect([...minus.relevance]).not.toEqual([...plus.relevance].map((value) => -value))
})
