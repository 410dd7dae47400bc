import { describe, expect, test } from 'vitest'
import { ints } from '../../../src/engine/onnx/attributes'
import {
  createExplainer,
  createStartsExplainer,
  summariseLedger,
} from '../../../src/engine/lrp/explainer'
import { SmallNetwork } from './support/smallNetwork'

/** MaxPool, then a dense layer that adds everything up: its gradient is the winners' mask. */
async function winners(
  pixels: readonly number[],
  size: number,
  kernel: number,
  stride: number,
): Promise<number[]> {
  const net = new SmallNetwork([1, size, size])
  const pooled = net.node('MaxPool', ['input'], {
    kernel_shape: ints([kernel, kernel]),
    strides: ints([stride, stride]),
  })
  const out = Math.floor((size - kernel) / stride) + 1
  const flat = net.node('Flatten', [pooled])
  const ones = Array<number>(out * out).fill(1)
  const logits = net.node('Gemm', [flat, net.floats('ones', [out * out, 1], ones)])
  const explainer = await createExplainer(net.finish(logits), {
    method: 'gradient',
    parameters: {},
    start: 'unit',
    batch: 1,
  })
  const { relevance } = await explainer.run(Float32Array.from(pixels), Float32Array.of(1))
  await explainer.release()
  return [...relevance]
}

describe('max pooling: the winner takes all', () => {
  test('windows that do not overlap', async () => {
    // prettier-ignore
    const pixels = [
      1, 2, 0, 7,
      4, 3, 5, 6,
      9, 8, -1, -2,
      8, 7, -3, -4,
    ]
    // prettier-ignore
    expect(await winners(pixels, 4, 2, 2)).toEqual([
      0, 0, 0, 1,
      1, 0, 0, 0,
      1, 0, 1, 0,
      0, 0, 0, 0,
    ])
  })

  test('on a tie the first in the window wins, for zeros and for equal numbers alike', async () => {
    // prettier-ignore
    const pixels = [
      0, 0, 5, 1,
      0, 0, 1, 5,
      2, 3, -1, -1,
      3, 3, -1, -1,
    ]
    // prettier-ignore
    expect(await winners(pixels, 4, 2, 2)).toEqual([
      1, 0, 1, 0,
      0, 0, 0, 0,
      0, 1, 1, 0,
      0, 0, 0, 0,
    ])
  })

  test('overlapping windows: a pixel that wins twice gets twice, the first of equals wins', async () => {
    // 3×3 windows, stride 2, on 5×5: the 9 in the middle wins all four.
    // prettier-ignore
    const pixels = [
      1, 1, 1, 1, 1,
      1, 1, 1, 1, 1,
      1, 1, 9, 1, 1,
      1, 1, 1, 1, 1,
      1, 1, 1, 1, 1,
    ]
    const middle = Array<number>(25).fill(0)
    middle[12] = 4
    expect(await winners(pixels, 5, 3, 2)).toEqual(middle)
    const corners = Array<number>(25).fill(0)
    for (const at of [0, 2, 10, 12]) corners[at] = 1
    expect(await winners(Array<number>(25).fill(3), 5, 3, 2)).toEqual(corners)
  })

  test('several starts have the same winners, and each its own relevance at them', async () => {
    const net = new SmallNetwork([1, 4, 4])
    const square = { kernel_shape: ints([2, 2]), strides: ints([2, 2]) }
    const pooled = net.node('MaxPool', ['input'], square)
    // z = (y₁ + 2 y₂ + 3 y₃ + 4 y₄, −y₁ + y₄)
    const weights = net.floats('w', [4, 2], [1, -1, 2, 0, 3, 0, 4, 1])
    const logits = net.node('Gemm', [net.node('Flatten', [pooled]), weights])
    const explainer = await createStartsExplainer(
      net.finish(logits),
      { method: 'zero', parameters: {}, start: 'logit', batch: 1 },
      2,
    )
    expect(explainer.shared).toBe(true)
    // prettier-ignore
    const pixels = [
      0, 2, 5, 1,
      2, 0, 1, 5,
      3, 3, -2, -1,
      3, 3, -1, -3,
    ]
    const results = await explainer.run(Float32Array.from(pixels), Float32Array.of(1, 0, 0, 1))
    await explainer.release()
    // y = (2, 5, 3, −1), and R_j = y_j w_j at the first of each window's largest.
    // prettier-ignore
    const expected = [
      [0, 2, 10, 0,  0, 0, 0, 0,  9, 0, 0, -4,  0, 0, 0, 0],
      [0, -2, 0, 0,  0, 0, 0, 0,  0, 0, 0, -1,  0, 0, 0, 0],
    ]
    for (const [at, { relevance, ledger }] of results.entries()) {
      for (const [place, value] of relevance.entries())
        expect(value).toBeCloseTo(expected[at]?.[place] ?? Number.NaN, 5)
      expect(summariseLedger(ledger ?? []).balanced).toBe(true)
    }
  })
})
