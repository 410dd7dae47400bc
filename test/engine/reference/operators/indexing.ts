import { intOf, stringOf } from '../../../../src/engine/onnx/attributes'
import { axisFrom, inputOf, type Call, type Operator, type Operators } from '../call'
import { axisOf, eachPosition, ndArray, picked, sizeOf, stridesOf } from '../ndArray'
import type { NdArray } from '../ndArray'

const gather: Operator = (call) => {
  const [x, indices] = [inputOf(call), inputOf(call, 1)]
  const axis = axisFrom(call, x.dims.length, 0)
  const strides = stridesOf(x.dims)
  const order = stridesOf(indices.dims)
  const dims = [...x.dims.slice(0, axis), ...indices.dims, ...x.dims.slice(axis + 1)]
  const between = indices.dims.length
  return picked(x, dims, (position) => {
    let which = 0
    for (let at = 0; at < between; at++) which += (position[axis + at] ?? 0) * (order[at] ?? 0)
    let from = axisOf(indices.data[which] ?? 0, x.dims[axis] ?? 1) * (strides[axis] ?? 0)
    for (const [other, stride] of strides.entries()) {
      if (other === axis) continue
      from += (position[other < axis ? other : other + between - 1] ?? 0) * stride
    }
    return from
  })
}

/** For each position of the indices the element of x at that position, but along one axis at the index. */
function elementsAt(x: NdArray, indices: NdArray, axis: number): Int32Array {
  const strides = stridesOf(x.dims)
  const places = new Int32Array(indices.data.length)
  eachPosition(indices.dims, (position, index) => {
    const place = axisOf(indices.data[index] ?? 0, x.dims[axis] ?? 1)
    places[index] = position.reduce(
      (at, other, of) => at + (of === axis ? place : other) * (strides[of] ?? 0),
      0,
    )
  })
  return places
}

const gatherElements: Operator = (call) => {
  const [x, indices] = [inputOf(call), inputOf(call, 1)]
  const places = elementsAt(x, indices, axisFrom(call, x.dims.length, 0))
  const data = Float64Array.from(places, (place) => x.data[place] ?? Number.NaN)
  return ndArray(indices.dims, data, x.kind)
}

/** The last axis of the indices holds positions in the first axes of x: where each of those slices begins. */
function slicesAt(x: NdArray, indices: NdArray): { starts: Int32Array; size: number } {
  const depth = indices.dims.at(-1) ?? 1
  const strides = stridesOf(x.dims)
  const starts = Int32Array.from({ length: indices.data.length / depth }, (_, row) => {
    let at = 0
    for (let axis = 0; axis < depth; axis++)
      at += axisOf(indices.data[row * depth + axis] ?? 0, x.dims[axis] ?? 1) * (strides[axis] ?? 0)
    return at
  })
  return { starts, size: sizeOf(x.dims.slice(depth)) }
}

const gatherNd: Operator = (call) => {
  const [x, indices] = [inputOf(call), inputOf(call, 1)]
  if (intOf(call.node, 'batch_dims', 0) !== 0) throw new Error(`${call.node.name}: batch_dims`)
  const { starts, size } = slicesAt(x, indices)
  const data = new Float64Array(starts.length * size)
  for (const [row, start] of starts.entries())
    data.set(x.data.subarray(start, start + size), row * size)
  const depth = indices.dims.at(-1) ?? 1
  return ndArray([...indices.dims.slice(0, -1), ...x.dims.slice(depth)], data, x.kind)
}

/** Puts a number in a place, or with `reduction` adds it to what is there. */
function putting({ node }: Call): (old: number, update: number) => number {
  const reduction = stringOf(node, 'reduction', 'none')
  if (reduction === 'none') return (_, update) => update
  if (reduction === 'add') return (old, update) => old + update
  throw new Error(`${node.name}: ${reduction}`)
}

const scatterElements: Operator = (call) => {
  const [x, indices, updates] = [inputOf(call), inputOf(call, 1), inputOf(call, 2)]
  const put = putting(call)
  const data = x.data.slice()
  const places = elementsAt(x, indices, axisFrom(call, x.dims.length, 0))
  for (const [at, place] of places.entries())
    data[place] = put(data[place] ?? Number.NaN, updates.data[at] ?? Number.NaN)
  return ndArray(x.dims, data, x.kind)
}

const scatterNd: Operator = (call) => {
  const [x, indices, updates] = [inputOf(call), inputOf(call, 1), inputOf(call, 2)]
  const put = putting(call)
  const data = x.data.slice()
  const { starts, size } = slicesAt(x, indices)
  for (const [row, start] of starts.entries())
    for (let at = 0; at < size; at++)
      data[start + at] = put(data[start + at] ?? Number.NaN, updates.data[row * size + at] ?? NaN)
  return ndArray(x.dims, data, x.kind)
}

/** The k largest (or smallest) along an axis in falling (rising) order, and where they were. */
const topK: Operator = (call) => {
  const x = inputOf(call)
  const axis = axisFrom(call, x.dims.length, -1)
  const k = inputOf(call, 1).data[0] ?? 0
  const sign = intOf(call.node, 'largest', 1) === 1 ? 1 : -1
  const dims = x.dims.with(axis, k)
  const [from, to] = [stridesOf(x.dims), stridesOf(dims)]
  const values = new Float64Array(sizeOf(dims))
  const places = new Float64Array(sizeOf(dims))
  eachPosition(x.dims.with(axis, 1), (position) => {
    const dot = (strides: readonly number[]): number =>
      position.reduce((at, place, of) => at + place * (strides[of] ?? 0), 0)
    const [base, target] = [dot(from), dot(to)]
    const value = (at: number): number => x.data[base + at * (from[axis] ?? 1)] ?? Number.NaN
    const order = Array.from({ length: x.dims[axis] ?? 1 }, (_, at) => at).toSorted(
      (a, b) => sign * (value(b) - value(a)) || a - b,
    )
    for (let rank = 0; rank < k; rank++) {
      const place = order[rank] ?? 0
      values[target + rank * (to[axis] ?? 1)] = value(place)
      places[target + rank * (to[axis] ?? 1)] = place
    }
  })
  return [ndArray(dims, values, x.kind), ndArray(dims, places, 'integer')]
}

export const indexing: Operators = {
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherNd,
  Scatter: scatterElements,
  ScatterElements: scatterElements,
  ScatterND: scatterNd,
  TopK: topK,
}
