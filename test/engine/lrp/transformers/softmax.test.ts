import { describe, expect, test } from 'vitest'
import { int, ints } from '../../../../src/engine/onnx/attributes'
import { relativeL2 } from '../../../support/npy'
import { noise, SmallNetwork } from '../support/smallNetwork'
import { explained } from './explained'

const methods = ['attn-lrp', 'epsilon', 'gradient'] as const

describe('worked by hand', () => {
  const x = Float32Array.of(0, Math.log(2), Math.log(5))
  const alone = (operator: string, weights: readonly number[]): Uint8Array => {
    const net = new SmallNetwork([3])
    const y = net.node(operator, ['input'], { axis: int(-1) })
    return net.finish(net.node('Gemm', [y, net.floats('w', [3, 1], weights)]))
  }

  test('Softmax: R_i = x_i (R_i − s_i Σ R)', async () => {
    // s = (1, 2, 5)/8; weights (8, 4, −1.6) give R = (1, 1, −1), which adds up to 1.
    // R_in = (0, ln 2 (1 − 1/4), ln 5 (−1 − 5/8)); unexplained is the rest of 1.
    const { relevance, entries } = await explained(alone('Softmax', [8, 4, -1.6]), 'attn-lrp', x, {
      mask: [1],
    })
    const expected = [0, Math.log(2) * 0.75, Math.log(5) * -1.625]
    expect(relativeL2(relevance, expected)).toBeLessThan(1e-6)
    const { unexplained } = entries.find(({ operator }) => operator === 'Softmax') ?? {}
    expect(unexplained).toBeCloseTo(1 - expected.reduce((a, b) => a + b), 5)
  })

  test('LogSoftmax: R_i = x_i (t_i − s_i Σ t) with t = R / y', async () => {
    // The weights are t themselves: y = ln s, R = w·y, Σ t = 2.
    const { relevance, entries } = await explained(alone('LogSoftmax', [3, 1, -2]), 'attn-lrp', x, {
      mask: [1],
    })
    const expected = [0, Math.log(2) * (1 - 2 / 4), Math.log(5) * (-2 - 2 * (5 / 8))]
    expect(relativeL2(relevance, expected)).toBeLessThan(1e-6)
    // Σ t Σ s ln s
    const entropy = (Math.log(1 / 8) + 2 * Math.log(1 / 4) + 5 * Math.log(5 / 8)) / 8
    const { unexplained } = entries.find(({ operator }) => operator === 'LogSoftmax') ?? {}
    expect(unexplained).toBeCloseTo(2 * entropy, 5)
  })

  test('gradient', async () => {
    // w·s' with s' = diag s − s sᵀ: s_i (w_i − Σ w s), Σ w s = 1.
    const { relevance } = await explained(alone('Softmax', [8, 4, -1.6]), 'gradient', x, {
      mask: [1],
    })
    expect(relativeL2(relevance, [7 / 8, 6 / 8, (5 * -2.6) / 8])).toBeLessThan(1e-6)
  })
})

/** A convolution, a function of its output, a dense layer. */
function network(make: (net: SmallNetwork, x: string) => string): Uint8Array {
  const net = new SmallNetwork([2, 3, 4])
  const conv = net.node('Conv', ['input', net.weights('w', [3, 2, 1, 1]), net.weights('b', [3])])
  const y = net.node('Reshape', [make(net, conv), net.integers('flat', [-1, 36])])
  return net.finish(net.node('Gemm', [y, net.floats('v', [36, 2], noise(3, 72))]))
}

const input = noise(4, 24)

describe('any axis', () => {
  test.each([1, 2, 3, -2])('%i', async (axis) => {
    const order = [0, 1, 2, 3].filter((other) => other !== (axis + 4) % 4)
    const perm = [...order, (axis + 4) % 4]
    const last = network((net, x) => {
      const moved = net.node('Transpose', [x], { perm: ints(perm) })
      const y = net.node('Softmax', [moved], { axis: int(-1) })
      return net.node('Transpose', [y], { perm: ints(perm.map((_, to) => perm.indexOf(to))) })
    })
    const own = network((net, x) => net.node('Softmax', [x], { axis: int(axis) }))
    for (const method of methods) {
      const [a, b] = [await explained(own, method, input), await explained(last, method, input)]
      expect(relativeL2(a.relevance, b.relevance)).toBeLessThan(1e-6)
    }
  })
})

describe('written out', () => {
  const sum = (net: SmallNetwork, e: string, axes: readonly number[]): string =>
    net.node('ReduceSum', [e, net.integers('axes', axes)], { keepdims: int(1) })
  const over = (net: SmallNetwork, e: string, axes: readonly number[]): string =>
    net.node('Div', [e, sum(net, e, axes)])
  const stable = (net: SmallNetwork, x: string, axes: readonly number[]): string => {
    const largest = net.node('ReduceMax', [x], { axes: ints(axes), keepdims: int(1) })
    return net.node('Exp', [net.node('Sub', [x, largest])])
  }
  const softmax = (net: SmallNetwork, x: string, axis: number): string =>
    net.node('Softmax', [x], { axis: int(axis) })
  /** Over the rows and columns at once. */
  const spatial = (net: SmallNetwork, x: string): string =>
    net.node('Softmax', [net.node('Reshape', [x, net.integers('pixels', [0, 0, -1])])])

  const forms: Record<string, [Uint8Array, Uint8Array]> = {
    'exp x / Σ': [
      network((net, x) => over(net, net.node('Exp', [x]), [1])),
      network((net, x) => softmax(net, x, 1)),
    ],
    'exp(x − max) / Σ': [
      network((net, x) => over(net, stable(net, x, [-1]), [-1])),
      network((net, x) => softmax(net, x, 3)),
    ],
    'exp(x − max) · 1/Σ': [
      network((net, x) => {
        const e = stable(net, x, [2])
        return net.node('Mul', [e, net.node('Reciprocal', [sum(net, e, [2])])])
      }),
      network((net, x) => softmax(net, x, 2)),
    ],
    'over rows and columns at once': [
      network((net, x) => over(net, stable(net, x, [2, 3]), [2, 3])),
      network(spatial),
    ],
    'over channels and columns at once': [
      network((net, x) => over(net, stable(net, x, [1, 3]), [1, 3])),
      network((net, x) => {
        const rows = net.node('Transpose', [x], { perm: ints([0, 2, 1, 3]) })
        const flat = net.node('Reshape', [rows, net.integers('rest', [0, 0, -1])])
        const y = net.node('Reshape', [
          net.node('Softmax', [flat]),
          net.integers('apart', [-1, 3, 3, 4]),
        ])
        return net.node('Transpose', [y], { perm: ints([0, 2, 1, 3]) })
      }),
    ],
  }

  test.each(Object.entries(forms))('%s', async (_, [spelled, plain]) => {
    for (const method of methods) {
      const [a, b] = [
        await explained(spelled, method, input),
        await explained(plain, method, input),
      ]
      expect(relativeL2(a.logits, b.logits)).toBeLessThan(1e-6)
      expect(relativeL2(a.relevance, b.relevance)).toBeLessThan(1e-5)
    }
  })
})

test('scores far apart stay finite', async () => {
  const bytes = network((net, x) =>
    net.node('Softmax', [net.node('Mul', [x, net.floats('s', [], [1e4])])], { axis: int(3) }),
  )
  for (const method of methods) {
    const { relevance } = await explained(bytes, method, input)
    expect(relevance.every(Number.isFinite)).toBe(true)
  }
})
