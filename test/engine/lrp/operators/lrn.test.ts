import { describe, expect, test } from 'vitest'
import { createExplainer, summariseLedger } from '../../../../src/engine/lrp/explainer'
import { float, int } from '../../../../src/engine/onnx/attributes'
import type { MethodName, MethodParameters } from '../../../../src/shared/explanation/method'
import { noise, SmallNetwork } from '../support/smallNetwork'

/** LRN of some channels of one pixel, then a logit Σ w_j y_j. */
async function explain(
  x: readonly number[],
  weights: readonly number[],
  parameters: MethodParameters,
  method: MethodName = 'attn-lrp',
  attributes = { size: int(3), alpha: float(3), beta: float(1), bias: float(1) },
) {
  const net = new SmallNetwork([x.length, 1, 1])
  const y = net.node('LRN', ['input'], attributes)
  const flat = net.node('Flatten', [y])
  const bytes = net.finish(net.node('MatMul', [flat, net.floats('w', [x.length, 1], weights)]))
  const start = method === 'gradient' ? 'unit' : 'logit'
  const explainer = await createExplainer(bytes, { method, parameters, start, batch: 1 })
  const result = await explainer.run(Float32Array.from(x), Float32Array.of(1))
  await explainer.release()
  return result
}

/**
 * x = (1, 2, 3), b = α / size = 1, β = 1, k = 1, windows of three channels:
 * D = (1 + 1 + 4, 1 + 1 + 4 + 9, 1 + 4 + 9) = (6, 15, 14), y = (1/6, 2/15, 3/14).
 * The weights (6, 15, 14) make R = w y = (1, 2, 3) arrive at y, and a logit of 6.
 */
describe('three channels worked by hand', () => {
  const x = [1, 2, 3]
  const weights = [6, 15, 14]
  const expectClose = (values: Float32Array, expected: readonly number[]): void => {
    for (const [at, value] of expected.entries()) expect(values[at]).toBeCloseTo(value, 5)
  }

  test('the logit', async () => {
    expectClose((await explain(x, weights, {})).logits, [6])
  })

  test('identity, when nothing is said: R passes', async () => {
    expectClose((await explain(x, weights, {})).relevance, [1, 2, 3])
    expectClose((await explain(x, weights, { lrn: 'identity' })).relevance, [1, 2, 3])
  })

  test('gradient: R_i = x_i Σ_j ∂y_j/∂x_i R_j / y_j', async () => {
    // ∂y_j/∂x_i = δ_ij / D_j − 2 x_j x_i / D_j², and R_j / y_j = w_j.
    // 1: 1 (6 (1/6 − 2·1·1/36) + 15 (−2·2·1/225)) = 1 − 1/3 − 4/15 = 2/5
    // 2: 2 (6 (−2·1·2/36) + 15 (1/15 − 2·2·2/225) + 14 (−2·3·2/196))
    //  = 2 (−2/3 + 1 − 8/15 − 6/7) = −74/35
    // 3: 3 (15 (−2·2·3/225) + 14 (1/14 − 2·3·3/196)) = 3 (−4/5 + 1 − 9/7) = −114/35
    const { relevance, ledger } = await explain(x, weights, { lrn: 'gradient' })
    expectClose(relevance, [2 / 5, -74 / 35, -114 / 35])
    // 2 Σ_j R_j (D_j − 1) / D_j = 2 (5/6 + 2·14/15 + 3·13/14)
    const entry = ledger?.find(({ operator }) => operator === 'LRN')
    expect(entry?.unexplained).toBeCloseTo(2 * (5 / 6 + 28 / 15 + 39 / 14), 4)
    expect(summariseLedger(ledger ?? []).balanced).toBe(true)
  })

  test('taylor: z_ij = x_j (1 + x_j²)⁻¹ for i = j, −2 x_j x_i² D_j⁻² beside it', async () => {
    // Output 1: z_11 = 1/2, z_21 = −2·1·4/36 = −2/9; sum 5/18. R = 1: (9/5, −4/5)
    // Output 2: z_22 = 2/5, z_12 = −2·2·1/225 = −4/225, z_32 = −2·2·9/225 = −4/25; sum 2/9.
    //   R = 2: (−4/25, 18/5, −36/25)
    // Output 3: z_33 = 3/10, z_23 = −2·3·4/196 = −6/49; sum 87/490. R = 3: (·, −60/29, 147/29)
    const { relevance, ledger } = await explain(x, weights, { lrn: 'taylor' })
    expectClose(relevance, [9 / 5 - 4 / 25, -4 / 5 + 18 / 5 - 60 / 29, -36 / 25 + 147 / 29])
    expect(relevance.reduce((sum, value) => sum + value, 0)).toBeCloseTo(6, 4)
    expect(summariseLedger(ledger ?? []).balanced).toBe(true)
  })

  test('gradient methods: its derivative', async () => {
    // As above, without x_i: 2/5 over 1, −74/35 over 2, −114/35 over 3.
    const { relevance } = await explain(x, weights, {}, 'gradient')
    expectClose(relevance, [2 / 5, -37 / 35, -38 / 35])
  })
})

test('an even window is refused by name: ONNX Runtime does not run it', async () => {
  const even = { size: int(2), alpha: float(2), beta: float(1), bias: float(1) }
  await expect(explain([1, 2], [6, 5], {}, 'zero', even)).rejects.toThrow(
    '“LRN_0” (LRN) cannot be explained: its window has an even number of channels.',
  )
})

test.each(['identity', 'taylor', 'gradient'] as const)(
  '%s balances in AlexNet’s form',
  async (lrn) => {
    const net = new SmallNetwork([2, 6, 6])
    const conv = net.node('Conv', ['input', net.weights('w', [7, 2, 3, 3]), net.weights('b', [7])])
    const usual = { size: int(5), alpha: float(0.5), beta: float(0.75), bias: float(2) }
    const y = net.node('LRN', [net.node('Relu', [conv])], usual)
    const flat = net.node('Flatten', [y])
    const bytes = net.finish(net.node('Gemm', [flat, net.weights('v', [112, 3]), net.weights('c', [3])])) // prettier-ignore
    const options = { parameters: { lrn }, start: 'logit', batch: 2 } as const
    const explainer = await createExplainer(bytes, { method: 'epsilon-plus', ...options })
    const { ledger, relevance } = await explainer.run(noise(3, 144), Float32Array.of(0, 1, 0, 0, 1, 0)) // prettier-ignore
    await explainer.release()
    expect(relevance.every(Number.isFinite)).toBe(true)
    const { balanced, entries } = summariseLedger(ledger ?? [])
    expect(balanced).toBe(true)
    expect(entries.some(({ operator }) => operator === 'LRN')).toBe(lrn !== 'identity')
  },
)
