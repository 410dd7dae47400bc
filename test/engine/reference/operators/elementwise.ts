import { floatOf, intOf, stringOf } from '../../../../src/engine/onnx/attributes'
import type { Node } from '../../../../src/engine/onnx/model'
import { inputOf, optionalOf, type Operator, type Operators } from '../call'
import { kindOf, map, zip } from '../ndArray'

type Function = (x: number) => number

/** One number at a time. */
const unary = (of: (node: Node) => Function): Operator => {
  return (call) => map(inputOf(call), of(call.node))
}

const plain = (f: Function): Operator => unary(() => f)

const sigmoid: Function = (x) => 1 / (1 + Math.exp(-x))

/** Without overflow for large x. */
const softplus: Function = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))

/**
 * erf(x) = 2/√π e^{−x²} Σ 2ⁿ x^{2n+1} / (2n+1)!!, whose terms all have one sign (Abramowitz and Stegun 7.1.6).
 */
export function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x)
  let term = x
  let sum = x
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1)
    sum += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
}

const geluByErf: Function = (x) => 0.5 * x * (1 + erf(x / Math.SQRT2))
const geluByTanh: Function = (x) =>
  0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))

/** To the nearest, halves to the even neighbour. */
const round: Function = (x) => {
  const low = Math.floor(x)
  if (x - low !== 0.5) return Math.round(x)
  return low % 2 === 0 ? low : low + 1
}

export const elementwise: Operators = {
  Relu: plain((x) => Math.max(x, 0)),
  LeakyRelu: unary((node) => {
    const alpha = floatOf(node, 'alpha', 0.01)
    return (x) => (x < 0 ? alpha * x : x)
  }),
  PRelu: (call) => zip(inputOf(call), inputOf(call, 1), (x, slope) => (x < 0 ? slope * x : x)),
  Elu: unary((node) => {
    const alpha = floatOf(node, 'alpha', 1)
    return (x) => (x < 0 ? alpha * Math.expm1(x) : x)
  }),
  Selu: unary((node) => {
    const alpha = floatOf(node, 'alpha', 1.67326319217681884765625)
    const gamma = floatOf(node, 'gamma', 1.05070102214813232421875)
    return (x) => gamma * (x > 0 ? x : alpha * Math.expm1(x))
  }),
  Celu: unary((node) => {
    const alpha = floatOf(node, 'alpha', 1)
    return (x) => Math.max(0, x) + Math.min(0, alpha * Math.expm1(x / alpha))
  }),
  ThresholdedRelu: unary((node) => {
    const alpha = floatOf(node, 'alpha', 1)
    return (x) => (x > alpha ? x : 0)
  }),
  HardSigmoid: unary((node) => {
    const [alpha, beta] = [floatOf(node, 'alpha', 0.2), floatOf(node, 'beta', 0.5)]
    return (x) => Math.max(0, Math.min(1, alpha * x + beta))
  }),
  HardSwish: plain((x) => x * Math.max(0, Math.min(1, x / 6 + 0.5))),
  Softplus: plain(softplus),
  Softsign: plain((x) => x / (1 + Math.abs(x))),
  Mish: plain((x) => x * Math.tanh(softplus(x))),
  Swish: unary((node) => {
    const alpha = floatOf(node, 'alpha', 1)
    return (x) => x * sigmoid(alpha * x)
  }),
  Gelu: unary((node) =>
    stringOf(node, 'approximate', 'none') === 'tanh' ? geluByTanh : geluByErf,
  ),
  Sigmoid: plain(sigmoid),
  Tanh: plain(Math.tanh),
  Erf: plain(erf),
  Exp: plain(Math.exp),
  Log: plain(Math.log),
  Sqrt: plain(Math.sqrt),
  Reciprocal: plain((x) => 1 / x),
  Neg: plain((x) => -x),
  Abs: plain(Math.abs),
  Sign: plain(Math.sign),
  Floor: plain(Math.floor),
  Ceil: plain(Math.ceil),
  Round: plain(round),
  Sin: plain(Math.sin),
  Cos: plain(Math.cos),
  Not: plain((x) => (x === 0 ? 1 : 0)),
  // Bounds were attributes up to operator set 10.
  Clip: (call) => {
    const low = optionalOf(call, 1)?.data[0] ?? floatOf(call.node, 'min', -Infinity)
    const high = optionalOf(call, 2)?.data[0] ?? floatOf(call.node, 'max', Infinity)
    return map(inputOf(call), (x) => Math.min(Math.max(x, low), high))
  },
  Cast: (call) => {
    const kind = kindOf(intOf(call.node, 'to', 1))
    const x = inputOf(call)
    if (kind === 'boolean') return map(x, (value) => (value === 0 ? 0 : 1), kind)
    return kind === 'integer' ? map(x, Math.trunc, kind) : map(x, (value) => value, kind)
  },
}
