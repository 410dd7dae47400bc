import { intOf, intsOf } from '../../../../src/engine/onnx/attributes'
import { inputOf, type Call, type Operator, type Operators } from '../call'
import { ndArray, sizeOf } from '../ndArray'
import { tapsOf, windowsOf, type Taps } from '../windows'

/** Of the values in a window, and how many of its taps lie on input or padding. */
type Reduce = (values: Float64Array, window: Taps) => number

function pool(call: Call, of: (call: Call) => Reduce): ReturnType<Operator> {
  const x = inputOf(call)
  const [batch = 1, channels = 1, ...inputSize] = x.dims
  const windows = windowsOf(call.node, inputSize, intsOf(call.node, 'kernel_shape') ?? [])
  const taps = tapsOf(windows)
  const reduce = of(call)
  const pixels = sizeOf(inputSize)
  const data = new Float64Array(batch * channels * taps.length)
  for (let plane = 0; plane < batch * channels; plane++) {
    for (const [p, window] of taps.entries()) {
      const real = window.inputs.filter((from) => from >= 0)
      const values = Float64Array.from(real, (from) => x.data[plane * pixels + from] ?? Number.NaN)
      data[plane * taps.length + p] = reduce(values, window)
    }
  }
  return ndArray([batch, channels, ...windows.outputSize], data)
}

const overAll =
  (reduce: (values: Float64Array, call: Call) => number): Operator =>
  (call) => {
    const x = inputOf(call)
    const [batch = 1, channels = 1, ...inputSize] = x.dims
    const pixels = sizeOf(inputSize)
    const data = Float64Array.from({ length: batch * channels }, (_, plane) =>
      reduce(x.data.subarray(plane * pixels, (plane + 1) * pixels), call),
    )
    return ndArray([batch, channels, ...inputSize.map(() => 1)], data)
  }

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)
const largest = (values: Float64Array): number =>
  values.reduce((best, value) => Math.max(best, value), -Infinity)

/** (Σ |x|ᵖ)^(1/p) */
const norm = (values: Float64Array, p: number): number =>
  sum(values.map((value) => Math.abs(value) ** p)) ** (1 / p)

/** Also the flat index of each winner, the first of equal ones. */
const maxPool: Operator = (call) => {
  const x = inputOf(call)
  const [batch = 1, channels = 1, ...inputSize] = x.dims
  const windows = windowsOf(call.node, inputSize, intsOf(call.node, 'kernel_shape') ?? [])
  const taps = tapsOf(windows)
  const pixels = sizeOf(inputSize)
  const values = new Float64Array(batch * channels * taps.length)
  const places = new Float64Array(values.length)
  for (let plane = 0; plane < batch * channels; plane++) {
    for (const [p, { inputs }] of taps.entries()) {
      const to = plane * taps.length + p
      values[to] = -Infinity
      for (const from of inputs) {
        const value = from < 0 ? -Infinity : (x.data[plane * pixels + from] ?? Number.NaN)
        if (value <= (values[to] ?? 0)) continue
        values[to] = value
        places[to] = plane * pixels + from
      }
    }
  }
  const dims = [batch, channels, ...windows.outputSize]
  return [ndArray(dims, values), ndArray(dims, places, 'integer')]
}

export const pooling: Operators = {
  MaxPool: maxPool,
  AveragePool: (call) =>
    pool(call, ({ node }) => {
      const counted = intOf(node, 'count_include_pad', 0) === 1
      return (values, { padded }) => sum(values) / (counted ? padded : values.length)
    }),
  LpPool: (call) =>
    pool(call, ({ node }) => {
      const p = intOf(node, 'p', 2)
      return (values) => norm(values, p)
    }),
  GlobalAveragePool: overAll((values) => sum(values) / values.length),
  GlobalMaxPool: overAll(largest),
  GlobalLpPool: overAll((values, { node }) => norm(values, intOf(node, 'p', 2))),
}
