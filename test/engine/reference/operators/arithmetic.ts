import { intOf } from '../../../../src/engine/onnx/attributes'
import { allOf, inputOf, type Operator, type Operators } from '../call'
import { broadcastDims, broadcastTo, map, zip, type Kind } from '../ndArray'

type Binary = (a: number, b: number) => number

const binary =
  (f: Binary, kind?: Kind): Operator =>
  (call) =>
    zip(inputOf(call), inputOf(call, 1), f, kind)

const truth = (holds: (a: number, b: number) => boolean): Operator =>
  binary((a, b) => (holds(a, b) ? 1 : 0), 'boolean')

/** Any number of inputs, joined one after another. */
const variadic =
  (f: Binary): Operator =>
  (call) =>
    allOf(call).reduce((joined, next) => zip(joined, next, f))

/** Of whole numbers it is cut off towards zero. */
const quotient: Operator = (call) => {
  const a = inputOf(call)
  const whole = a.kind === 'integer'
  return zip(a, inputOf(call, 1), (x, y) => (whole ? Math.trunc(x / y) : x / y))
}

/** The sign of the divisor, or with `fmod` that of the dividend. */
const remainder: Operator = (call) => {
  const byDividend = intOf(call.node, 'fmod', 0) === 1
  return zip(inputOf(call), inputOf(call, 1), (x, y) =>
    byDividend ? x % y : x - y * Math.floor(x / y),
  )
}

const where: Operator = (call) => {
  const [condition, yes, no] = [inputOf(call), inputOf(call, 1), inputOf(call, 2)]
  const dims = broadcastDims(condition.dims, yes.dims, no.dims)
  const [which, left, right] = [condition, yes, no].map((value) => broadcastTo(value, dims))
  if (!which || !left || !right) throw new Error('three inputs')
  const data = which.data.map((holds, at) => (holds === 0 ? right : left).data[at] ?? Number.NaN)
  return { dims, data, kind: yes.kind }
}

export const arithmetic: Operators = {
  Add: binary((a, b) => a + b),
  Sub: binary((a, b) => a - b),
  Mul: binary((a, b) => a * b),
  Div: quotient,
  Mod: remainder,
  Pow: binary((a, b) => a ** b),
  Min: variadic(Math.min),
  Max: variadic(Math.max),
  Sum: variadic((a, b) => a + b),
  Mean: (call) => {
    const values = allOf(call)
    const sum = values.reduce((joined, next) => zip(joined, next, (a, b) => a + b))
    return map(sum, (x) => x / values.length)
  },
  Where: where,
  Equal: truth((a, b) => a === b),
  Greater: truth((a, b) => a > b),
  GreaterOrEqual: truth((a, b) => a >= b),
  Less: truth((a, b) => a < b),
  LessOrEqual: truth((a, b) => a <= b),
  And: truth((a, b) => a !== 0 && b !== 0),
  Or: truth((a, b) => a !== 0 || b !== 0),
  Xor: truth((a, b) => (a !== 0) !== (b !== 0)),
}
