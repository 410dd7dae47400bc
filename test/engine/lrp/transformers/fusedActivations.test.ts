import { describe, expect, test } from 'vitest'
import { float, string } from '../../../../src/engine/onnx/attributes'
import type { Attribute } from '../../../../src/engine/onnx/model'
import { inspectGraph } from '../../../../src/engine/lrp/explainer'
import { SmallNetwork } from '../support/smallNetwork'
import { explained } from './explained'

const points = [-4, -2.5, -1.2, -0.4, 0.3, 0.9, 1.7, 2.6, 3.5]
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))
const byTanh = (x: number): number =>
  (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))

/** Maclaurin's series: 120 terms are exact to double precision for |x| < 5. */
function erf(x: number): number {
  let term = x
  let sum = x
  for (let n = 1; n < 120; n++) {
    term *= (-x * x) / n
    sum += term / (2 * n + 1)
  }
  return (2 / Math.sqrt(Math.PI)) * sum
}
const byErf = (x: number): number => (x / 2) * (1 + erf(x / Math.SQRT2))

interface Case {
  readonly operator: string
  readonly opset?: number
  readonly attributes?: Record<string, Attribute>
  /** Added to every number before the function. */
  readonly bias?: number
  readonly of: (x: number) => number
}

const cases: readonly Case[] = [
  { operator: 'Gelu', opset: 20, of: byErf },
  { operator: 'Gelu', opset: 20, attributes: { approximate: string('tanh') }, of: byTanh },
  { operator: 'Mish', opset: 18, of: (x) => x * Math.tanh(Math.log1p(Math.exp(x))) },
  {
    operator: 'Swish',
    opset: 24,
    attributes: { alpha: float(1.3) },
    of: (x) => x * sigmoid(1.3 * x),
  },
  { operator: 'com.microsoft.Gelu', of: byErf },
  { operator: 'com.microsoft.BiasGelu', bias: 0.3, of: byErf },
  { operator: 'com.microsoft.FastGelu', of: byTanh },
  { operator: 'com.microsoft.FastGelu', bias: -0.2, of: byTanh },
  { operator: 'com.microsoft.QuickGelu', of: (x) => x * sigmoid(1.702 * x) },
  {
    operator: 'com.microsoft.QuickGelu',
    attributes: { alpha: float(1) },
    of: (x) => x * sigmoid(x),
  },
]

describe.each(cases)('$operator $bias', ({ operator, opset = 17, attributes, bias = 0, of }) => {
  const net = new SmallNetwork([points.length], opset)
  const biases = net.floats(
    'bias',
    [points.length],
    points.map(() => bias),
  )
  // A layer that changes nothing, so that the bias is no preprocessing.
  const identity = points.flatMap((_, row) => points.map((__, column) => (row === column ? 1 : 0)))
  const same = [points.length, points.length]
  const x0 = net.node('MatMul', ['input', net.floats('identity', same, identity)])
  const y = net.node(operator, bias === 0 ? [x0] : [x0, biases], attributes ?? {}, 'activation')
  // Weights 1, 2, 3, … give every point a gradient of its own.
  const weights = points.map((_, at) => at + 1)
  const bytes = net.finish(net.node('Gemm', [y, net.floats('w', [points.length, 1], weights)]))
  const input = Float32Array.from(points)

  test('the gradient is the derivative', async () => {
    const { relevance } = await explained(bytes, 'gradient', input, { mask: [1] })
    for (const [at, x] of points.entries()) {
      const h = 1e-5
      const expected = ((at + 1) * (of(x + bias + h) - of(x + bias - h))) / (2 * h)
      expect(relevance[at]).toBeCloseTo(expected, 3)
    }
  })

  test('relevance passes, but for the share of a bias', async () => {
    const { relevance } = await explained(bytes, 'attn-lrp', input, { mask: [1] })
    for (const [at, x] of points.entries()) {
      const expected = ((at + 1) * of(x + bias) * x) / (x + bias)
      expect(relevance[at]).toBeCloseTo(expected, 3)
    }
  })

  test('coverage says so', async () => {
    const { coverage } = await inspectGraph(bytes, 'attn-lrp')
    const treatment = coverage.nodes.find(({ node }) => node === 'activation')
    expect(treatment).toMatchObject({ kind: 'pass', detail: 'pass' })
  })
})

test('a bias that depends on the image is refused by name', async () => {
  const net = new SmallNetwork([4])
  const bias = net.node('MatMul', ['input', net.weights('w', [4, 4])])
  const y = net.node('com.microsoft.BiasGelu', ['input', bias], {}, 'the odd one')
  await expect(explained(net.finish(y), 'attn-lrp', new Float32Array(4))).rejects.toThrow(
    'Node “the odd one” (BiasGelu) cannot be explained: its bias must be constant.',
  )
})
