import { describe, expect, test } from 'vitest'
import { int } from '../../../../src/engine/onnx/attributes'
import { alphaBeta, zPlus } from '../../../../src/engine/lrp/rules/alphaBeta'
import { epsilon } from '../../../../src/engine/lrp/rules/epsilon'
import { flat } from '../../../../src/engine/lrp/rules/flat'
import { gamma } from '../../../../src/engine/lrp/rules/gamma'
import type { Rule } from '../../../../src/engine/lrp/rules/rule'
import { wSquare } from '../../../../src/engine/lrp/rules/wSquare'
import { zBox } from '../../../../src/engine/lrp/rules/zBox'
import { createExplainer } from '../../../../src/engine/lrp/explainer'
import { applyRule, type LayerCase } from '../support/applyRule'
import { SmallNetwork } from '../support/smallNetwork'

/**
 * x = (1, −2, 0.5), W (inputs × outputs) = ((.5, −1), (−1, .25), (2, 1.5)), b = (.3, −.4)
 *
 * contributions a_i w_ij:   j=1: 0.5, 2, 1       j=2: −1, −0.5, 0.75
 * z = (0.5 + 2 + 1 + 0.3, −1 − 0.5 + 0.75 − 0.4) = (3.8, −1.15);  R = z
 */
const dense: LayerCase = {
  operator: 'Gemm',
  attributes: { transB: int(0) },
  inputShape: [1, 3],
  outputShape: [1, 2],
  weightShape: [3, 2],
  weights: [0.5, -1, -1, 0.25, 2, 1.5],
  bias: [0.3, -0.4],
  x: [1, -2, 0.5],
  relevance: [3.8, -1.15],
}

/** The same layer as a 1×1 convolution: the rules must not care. */
const convolution: LayerCase = {
  ...dense,
  operator: 'Conv',
  attributes: { kernel_shape: { kind: 'ints', value: [1, 1] } },
  inputShape: [1, 3, 1, 1],
  outputShape: [1, 2, 1, 1],
  weightShape: [2, 3, 1, 1],
  weights: [0.5, -1, 2, -1, 0.25, 1.5],
}

const cases: readonly (readonly [string, Rule, readonly [number, number, number]])[] = [
  // ε = 1e-6: R_1 = 0.5·3.8/3.800001 + (−1)(−1.15)/(−1.150001) ≈ 0.5 − 1 = −0.5; likewise 2 − 0.5, 1 + 0.75
  ['epsilon 1e-6', epsilon(1e-6), [-0.499999, 1.5, 1.749999]],
  // ε = 0.25: factors 3.8/4.05 = 0.938272 and −1.15/−1.4 = 0.821429:
  //   R_1 = 0.5·0.938272 − 1·0.821429 = −0.352293
  ['epsilon 0.25', epsilon(0.25), [-0.352293, 1.465829, 1.554343]],
  // z⁺_1 = 0.5 + 2 + 1 + 0.3 = 3.8, z⁺_2 = 0.75: R_1 = 0.5·3.8/3.8 = 0.5; R_2 = 2·3.8/3.8 = 2;
  //   R_3 = 1·3.8/3.8 + 0.75·(−1.15)/0.75 = 1 − 1.15 = −0.15
  ['zPlus', zPlus, [0.5, 2, -0.15]],
  // z⁻_1 = 0 (nothing), z⁻_2 = −1 − 0.5 − 0.4 = −1.9:
  //   R_1 = 2·0.5 − (−1)(−1.15)/(−1.9) = 1 + 0.605263 = 1.605263
  //   R_2 = 2·2 − (−0.5)(−1.15)/(−1.9) = 4.302632;  R_3 = 2·(−0.15) = −0.3
  ['alpha2 beta1', alphaBeta(2, 1), [1.605263, 4.302632, -0.3]],
  // j=1 (z > 0): all contributions positive, ×1.25, denominator 1.25·3.8: factor 1.25·3.8/4.75 = 1
  // j=2 (z < 0): contributions −1·1.25, −0.5·1.25, 0.75; denominator −1.25 − 0.625 + 0.75 − 0.5 = −1.625;
  //   factor −1.15/−1.625 = 0.707692: R_1 = 0.5 − 1.25·0.707692 = −0.384615
  ['gamma 0.25', gamma(0.25), [-0.384615, 1.557692, 1.530769]],
  // Σw² + b²: 0.25 + 1 + 4 + 0.09 = 5.34; 1 + 0.0625 + 2.25 + 0.16 = 3.4725
  //   R_1 = 0.25·3.8/5.34 + 1·(−1.15)/3.4725 = 0.177903 − 0.331174 = −0.153271
  ['wSquare', wSquare, [-0.153271, 0.690912, 2.101301]],
  // 3 inputs each: (3.8 − 1.15)/3 = 0.883333
  ['flat', flat, [0.883333, 0.883333, 0.883333]],
  // l = −3, h = 3: a·w + 3w⁺ − 3w⁻ = a·w + 3|w|:
  //   j=1: 0.5 + 1.5, 2 + 3, 1 + 6 → 2, 5, 7, Σ 14; j=2: −1 + 3, −0.5 + 0.75, 0.75 + 4.5 → 2, 0.25, 5.25, Σ 7.5
  //   R_1 = 2·3.8/14 + 2·(−1.15)/7.5 = 0.542857 − 0.306667 = 0.236190
  ['zBox [−3, 3]', zBox([-3], [3]), [0.23619, 1.318809, 1.095]],
]

describe.each([
  ['dense', dense],
  ['1×1 convolution', convolution],
])('%s', (_, layer) => {
  test('the forward pass', async () => {
    const { z } = await applyRule(flat, layer)
    expect(z[0]).toBeCloseTo(3.8, 6)
    expect(z[1]).toBeCloseTo(-1.15, 6)
  })

  test.each(cases)('%s', async (_name, rule, expected) => {
    const { relevance } = await applyRule(rule, layer)
    for (const [i, value] of expected.entries()) expect(relevance[i]).toBeCloseTo(value, 5)
  })

  test.each(cases)(
    '%s: what is given equals what is passed on plus the shares',
    async (_name, rule) => {
      const { relevance, bias, stabiliser, unexplained } = await applyRule(rule, layer)
      const passed = relevance.reduce((sum, value) => sum + value, 0)
      expect(passed + bias + stabiliser + unexplained).toBeCloseTo(3.8 - 1.15, 5)
    },
  )
})

test('α2β1 states what has nowhere to go', async () => {
  // Neuron 1 has no negative part: its β share −1·3.8 goes nowhere and 2·3.8 stays.
  const { unexplained } = await applyRule(alphaBeta(2, 1), dense)
  expect(unexplained).toBeCloseTo(-3.8, 5)
})

test('the textbook case: W = ((3,4),(5,6)), b = (7,8), a = (1,2), R = (1/3, 2/3)', async () => {
  // outputs × inputs: z = (3 + 8 + 7, 5 + 12 + 8) = (18, 25)
  // R_1 = 3/18·1/3 + 5/25·2/3 = 1/18 + 2/15 = 17/90
  // R_2 = 8/18·1/3 + 12/25·2/3 = 4/27 + 8/25 = 316/675
  const { relevance } = await applyRule(epsilon(0), {
    ...dense,
    attributes: { transB: int(1) },
    inputShape: [1, 2],
    weightShape: [2, 2],
    weights: [3, 4, 5, 6],
    bias: [7, 8],
    x: [1, 2],
    relevance: [1 / 3, 2 / 3],
  })
  expect(relevance[0]).toBeCloseTo(17 / 90, 6)
  expect(relevance[1]).toBeCloseTo(316 / 675, 6)
})

test('zero: a logit of exactly 0 has nothing to pass on, whatever its inputs', async () => {
  // x = (1, 1), w = (1, −1): z = 0 and R = z = 0, though the contributions are 1 and −1.
  const net = new SmallNetwork([2])
  const logits = net.node('Gemm', ['input', net.floats('w', [2, 2], [1, 3, -1, 4])])
  const explainer = await createExplainer(net.finish(logits), {
    method: 'zero',
    parameters: {},
    start: 'logit',
    batch: 1,
  })
  const relevanceOf = async (mask: readonly number[]) => [
    ...(await explainer.run(Float32Array.of(1, 1), Float32Array.from(mask))).relevance,
  ]
  expect(await relevanceOf([1, 0])).toEqual([0, 0])
  // The other logit is 7: R = (3, 4).
  expect(await relevanceOf([0, 1])).toEqual([3, 4])
  await explainer.release()
})
