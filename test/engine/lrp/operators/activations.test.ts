import { describe, expect, test } from 'vitest'
import { createExplainer } from '../../../../src/engine/lrp/explainer'
import { float } from '../../../../src/engine/onnx/attributes'
import type { Attribute } from '../../../../src/engine/onnx/model'
import { SmallNetwork } from '../support/smallNetwork'

/** Points on both sides of every kink and bound, none on one. */
const points = [-4, -2.5, -1.2, -0.4, 0.3, 0.9, 1.7, 2.6, 3.5, 7]

interface Case {
  readonly operator: string
  readonly attributes?: Record<string, Attribute>
  readonly constants?: readonly number[]
  /** A constant of whole numbers. */
  readonly whole?: number
  /** The function in double precision. */
  readonly of: (x: number) => number
  readonly only?: (x: number) => boolean
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))
const clip = (x: number): number => Math.min(1, Math.max(0, x))

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

const cases: readonly Case[] = [
  { operator: 'Relu', of: (x) => Math.max(0, x) },
  {
    operator: 'LeakyRelu',
    attributes: { alpha: float(0.3) },
    of: (x) => (x > 0 ? x : 0.3 * x),
  },
  { operator: 'PRelu', constants: [-0.6], of: (x) => (x > 0 ? x : -0.6 * x) },
  { operator: 'ThresholdedRelu', attributes: { alpha: float(1.5) }, of: (x) => (x > 1.5 ? x : 0) },
  {
    operator: 'Elu',
    attributes: { alpha: float(0.7) },
    of: (x) => (x > 0 ? x : 0.7 * Math.expm1(x)),
  },
  {
    operator: 'Celu',
    attributes: { alpha: float(2) },
    of: (x) => Math.max(0, x) + Math.min(0, 2 * Math.expm1(x / 2)),
  },
  {
    operator: 'Selu',
    of: (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x)),
  },
  { operator: 'Sigmoid', of: sigmoid },
  { operator: 'Tanh', of: Math.tanh },
  {
    operator: 'HardSigmoid',
    attributes: { alpha: float(0.25), beta: float(0.4) },
    of: (x) => clip(0.25 * x + 0.4),
  },
  { operator: 'HardSwish', of: (x) => x * clip(x / 6 + 0.5) },
  { operator: 'Softplus', of: (x) => Math.log1p(Math.exp(x)) },
  { operator: 'Softsign', of: (x) => x / (1 + Math.abs(x)) },
  {
    operator: 'Shrink',
    attributes: { lambd: float(0.7), bias: float(0.3) },
    of: (x) => (x > 0.7 ? x - 0.3 : x < -0.7 ? x + 0.3 : 0),
  },
  { operator: 'Sin', of: Math.sin },
  { operator: 'Cos', of: Math.cos },
  { operator: 'Tan', of: Math.tan, only: (x) => Math.abs(x) < 1.2 },
  { operator: 'Asin', of: Math.asin, only: (x) => Math.abs(x) < 0.9 },
  { operator: 'Acos', of: Math.acos, only: (x) => Math.abs(x) < 0.9 },
  { operator: 'Atan', of: Math.atan },
  { operator: 'Sinh', of: Math.sinh },
  { operator: 'Cosh', of: Math.cosh },
  { operator: 'Asinh', of: Math.asinh },
  { operator: 'Acosh', of: Math.acosh, only: (x) => x > 1.1 },
  { operator: 'Atanh', of: Math.atanh, only: (x) => Math.abs(x) < 0.9 },
  { operator: 'Erf', of: erf, only: (x) => Math.abs(x) < 4 },
  { operator: 'Exp', of: Math.exp },
  { operator: 'Log', of: Math.log, only: (x) => x > 0 },
  { operator: 'Sqrt', of: Math.sqrt, only: (x) => x > 0 },
  { operator: 'Reciprocal', of: (x) => 1 / x },
  { operator: 'Neg', of: (x) => -x },
  { operator: 'Abs', of: Math.abs },
  { operator: 'Pow', constants: [3], of: (x) => x ** 3 },
  { operator: 'Pow', whole: 3, of: (x) => x ** 3 },
  { operator: 'Pow', constants: [0.5], of: Math.sqrt, only: (x) => x > 0 },
]

/** The activation before a dense layer with weights 1, 2, 3, …, so that every point has a gradient of its own. */
function networkOf({ operator, attributes, constants, whole }: Case, count: number): Uint8Array {
  const net = new SmallNetwork([1, 1, count])
  const inputs = ['input']
  if (constants) inputs.push(net.floats('c', [1], constants))
  if (whole !== undefined) inputs.push(net.integers('c', [whole]))
  const y = net.node(operator, inputs, attributes ?? {}, 'the activation')
  const weights = Array.from({ length: count }, (_, i) => i + 1)
  return net.finish(
    net.node('Gemm', [net.node('Flatten', [y]), net.floats('w', [count, 1], weights)]),
  )
}

describe.each(cases)('$operator $constants $whole', (activation) => {
  const xs = points.filter(activation.only ?? (() => true))
  const explain = async (method: 'gradient' | 'zero') => {
    const explainer = await createExplainer(networkOf(activation, xs.length), {
      method,
      parameters: {},
      start: method === 'zero' ? 'logit' : 'unit',
      batch: 1,
    })
    const run = await explainer.run(Float32Array.from(xs), Float32Array.of(1))
    await explainer.release()
    return run
  }

  test('the gradient is the derivative', async () => {
    const { relevance } = await explain('gradient')
    for (const [at, x] of xs.entries()) {
      // Central difference in double precision: its error is about h² times the third derivative.
      const h = 1e-5
      const derivative = (activation.of(x + h) - activation.of(x - h)) / (2 * h)
      const expected = (at + 1) * derivative
      expect(Math.abs((relevance[at] ?? NaN) - expected)).toBeLessThan(
        1e-4 * Math.max(1e-2, Math.abs(expected)),
      )
    }
  })

  test('relevance passes: each point keeps its own share of the logit', async () => {
    const { relevance, logits } = await explain('zero')
    for (const [at, x] of xs.entries()) {
      const expected = (at + 1) * activation.of(x)
      expect(Math.abs((relevance[at] ?? NaN) - expected)).toBeLessThan(
        1e-5 * Math.max(1, Math.abs(expected), Math.abs(logits[0] ?? 0)),
      )
    }
  })
})
