import { intOf } from '../../../../src/engine/onnx/attributes'
import { axisFrom, inputOf, integersFrom, type Operator, type Operators } from '../call'
import { axisOf, eachPosition, ndArray, sizeOf, stridesOf, type NdArray } from '../ndArray'

/** The numbers along some axes, for each position of the others. @returns the shape with those axes at 1. */
export function gathered(
  x: NdArray,
  axes: ReadonlySet<number>,
): { kept: number[]; rows: Float64Array[]; rowOf: Int32Array } {
  const kept = x.dims.map((size, axis) => (axes.has(axis) ? 1 : size))
  const strides = stridesOf(kept).map((stride, axis) => (axes.has(axis) ? 0 : stride))
  const length = x.data.length / sizeOf(kept)
  const rows = Array.from({ length: sizeOf(kept) }, () => new Float64Array(length))
  const filled = new Int32Array(rows.length)
  const rowOf = new Int32Array(x.data.length)
  eachPosition(x.dims, (position, index) => {
    const row = position.reduce((at, place, axis) => at + place * (strides[axis] ?? 0), 0)
    rowOf[index] = row
    const at = filled[row] ?? 0
    filled[row] = at + 1
    const numbers = rows[row]
    if (numbers) numbers[at] = x.data[index] ?? Number.NaN
  })
  return { kept, rows, rowOf }
}

/**
 * Axes as an attribute or an input; all where none are stated, unless `noop_with_empty_axes` says none: then
 * every number by itself is what is reduced, as ONNX Runtime has it.
 */
const reduce =
  (f: (values: Float64Array) => number): Operator =>
  (call) => {
    const x = inputOf(call)
    const rank = x.dims.length
    const given = integersFrom(call, 'axes', 1) ?? []
    const all = given.length === 0 && intOf(call.node, 'noop_with_empty_axes', 0) === 0
    const axes = new Set(all ? x.dims.keys() : given.map((axis) => axisOf(axis, rank)))
    const { kept, rows } = gathered(x, axes)
    const dims =
      intOf(call.node, 'keepdims', 1) === 1 ? kept : kept.filter((_, axis) => !axes.has(axis))
    return ndArray(dims, Float64Array.from(rows, f), x.kind)
  }

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)
const largest = (values: Float64Array): number =>
  values.reduce((best, value) => Math.max(best, value), -Infinity)
const logSumExp = (values: Float64Array): number => {
  const top = largest(values)
  return top + Math.log(sum(values.map((value) => Math.exp(value - top))))
}

/** Softmax or LogSoftmax of the numbers along one axis; up to operator set 12, of all axes from one on. */
const spread =
  (f: (x: number, logSum: number) => number): Operator =>
  (call) => {
    const x = inputOf(call)
    const isOld = call.opset < 13
    const axis = axisFrom(call, x.dims.length, isOld ? 1 : -1)
    const all = [...x.dims.keys()]
    const axes = new Set(isOld ? all.filter((candidate) => candidate >= axis) : [axis])
    const { rows, rowOf } = gathered(x, axes)
    const sums = rows.map(logSumExp)
    return ndArray(
      x.dims,
      x.data.map((value, at) => f(value, sums[rowOf[at] ?? 0] ?? Number.NaN)),
    )
  }

/** The place of the largest or smallest number along one axis, the first of equal ones unless told otherwise. */
const place =
  (isBetter: (candidate: number, best: number) => boolean): Operator =>
  (call) => {
    const x = inputOf(call)
    if (intOf(call.node, 'select_last_index', 0) === 1) throw new Error('select_last_index')
    const axis = axisFrom(call, x.dims.length, 0)
    const { kept, rows } = gathered(x, new Set([axis]))
    const dims = intOf(call.node, 'keepdims', 1) === 1 ? kept : kept.filter((_, at) => at !== axis)
    const best = rows.map((row) =>
      row.reduce((at, value, other) => (isBetter(value, row[at] ?? 0) ? other : at), 0),
    )
    return ndArray(dims, Float64Array.from(best), 'integer')
  }

/** x / ‖x‖ₚ along one axis; 0 where all are 0. */
const lpNormalization: Operator = (call) => {
  const x = inputOf(call)
  const p = intOf(call.node, 'p', 2)
  const axis = axisFrom(call, x.dims.length, -1)
  const { rows, rowOf } = gathered(x, new Set([axis]))
  const norms = rows.map((row) =>
    p === 1 ? sum(row.map(Math.abs)) : Math.sqrt(sum(row.map((v) => v * v))),
  )
  const data = x.data.map((value, at) => {
    const norm = norms[rowOf[at] ?? 0] ?? Number.NaN
    return norm === 0 ? 0 : value / norm
  })
  return ndArray(x.dims, data)
}

/** Of the elements before (or, reversed, behind), with the element itself unless `exclusive`. */
const cumulativeSum: Operator = (call) => {
  const x = inputOf(call)
  const axis = axisOf(inputOf(call, 1).data[0] ?? 0, x.dims.length)
  const step = intOf(call.node, 'reverse', 0) === 1 ? 1 : -1
  const first = intOf(call.node, 'exclusive', 0)
  const stride = stridesOf(x.dims)[axis] ?? 1
  const data = new Float64Array(x.data.length)
  eachPosition(x.dims, (position, index) => {
    const own = position[axis] ?? 0
    for (let away = first; ; away++) {
      const other = own + step * away
      if (other < 0 || other >= (x.dims[axis] ?? 1)) break
      data[index] = (data[index] ?? 0) + (x.data[index + step * away * stride] ?? Number.NaN)
    }
  })
  return ndArray(x.dims, data, x.kind)
}

export const reductions: Operators = {
  ReduceSum: reduce(sum),
  ReduceMean: reduce((values) => sum(values) / values.length),
  ReduceMax: reduce(largest),
  ReduceMin: reduce((values) => -largest(values.map((value) => -value))),
  ReduceProd: reduce((values) => values.reduce((product, value) => product * value, 1)),
  ReduceL1: reduce((values) => sum(values.map(Math.abs))),
  ReduceL2: reduce((values) => Math.sqrt(sum(values.map((value) => value * value)))),
  ReduceSumSquare: reduce((values) => sum(values.map((value) => value * value))),
  ReduceLogSum: reduce((values) => Math.log(sum(values))),
  ReduceLogSumExp: reduce(logSumExp),
  Softmax: spread((x, logSum) => Math.exp(x - logSum)),
  LogSoftmax: spread((x, logSum) => x - logSum),
  LpNormalization: lpNormalization,
  CumSum: cumulativeSum,
  ArgMax: place((candidate, best) => candidate > best),
  ArgMin: place((candidate, best) => candidate < best),
}
