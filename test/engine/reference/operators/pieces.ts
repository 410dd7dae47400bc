import { floatOf, intOf, stringOf } from '../../../../src/engine/onnx/attributes'
import {
  allOf,
  axisFrom,
  inputOf,
  integersFrom,
  optionalOf,
  type Call,
  type Operator,
  type Operators,
} from '../call'
import {
  axisOf,
  broadcastDims,
  broadcastTo,
  ndArray,
  picked,
  sizeOf,
  strided,
  stridesOf,
} from '../ndArray'

const concat: Operator = (call) => {
  const parts = allOf(call)
  const [first] = parts
  if (!first) throw new Error(`${call.node.name} joins nothing`)
  const axis = axisFrom(call, first.dims.length, 0)
  const rows = sizeOf(first.dims.slice(0, axis))
  const length = parts.reduce((sum, part) => sum + (part.dims[axis] ?? 1), 0)
  const data: number[] = []
  for (let row = 0; row < rows; row++) {
    for (const part of parts) {
      const each = part.data.length / rows
      for (let at = row * each; at < (row + 1) * each; at++) data.push(part.data[at] ?? Number.NaN)
    }
  }
  return ndArray(first.dims.with(axis, length), Float64Array.from(data), first.kind)
}

/** Lengths as an attribute or an input; else equal ones, the last shorter where they do not fit. */
const split: Operator = (call) => {
  const x = inputOf(call)
  const axis = axisFrom(call, x.dims.length, 0)
  const size = x.dims[axis] ?? 1
  const count = intOf(call.node, 'num_outputs', call.node.outputs.length)
  const each = Math.ceil(size / count)
  const lengths =
    integersFrom(call, 'split', 1) ??
    Array.from({ length: count }, (_, at) => Math.min(each, size - at * each))
  const strides = stridesOf(x.dims)
  let start = 0
  return lengths.map((length) => {
    const part = strided(x, x.dims.with(axis, length), strides, start * (strides[axis] ?? 1))
    start += length
    return part
  })
}

/** Starts, ends, axes (and since operator set 10 steps) as attributes or inputs. */
const slice: Operator = (call) => {
  const x = inputOf(call)
  const starts = integersFrom(call, 'starts', 1) ?? []
  const ends = integersFrom(call, 'ends', 2) ?? []
  const axes = integersFrom(call, 'axes', 3) ?? [...starts.keys()]
  const steps = optionalOf(call, 4)?.data
  const strides = stridesOf(x.dims)
  const dims = [...x.dims]
  const pace = [...strides]
  let offset = 0
  for (const [at, given] of axes.entries()) {
    const axis = axisOf(given, x.dims.length)
    const size = x.dims[axis] ?? 1
    const step = steps?.[at] ?? 1
    const [lowest, highest] = step > 0 ? [0, size] : [-1, size - 1]
    const bound = (value: number): number =>
      Math.min(Math.max(axisOf(value, size), lowest), highest)
    const start = bound(starts[at] ?? 0)
    dims[axis] = Math.max(0, Math.ceil((bound(ends[at] ?? 0) - start) / step))
    offset += start * (strides[axis] ?? 1)
    pace[axis] = step * (strides[axis] ?? 1)
  }
  return strided(x, dims, pace, offset)
}

const expand: Operator = (call) => {
  const x = inputOf(call)
  return broadcastTo(x, broadcastDims(x.dims, [...inputOf(call, 1).data]))
}

const tile: Operator = (call) => {
  const x = inputOf(call)
  const repeats = [...inputOf(call, 1).data]
  const strides = stridesOf(x.dims)
  return picked(
    x,
    x.dims.map((size, axis) => size * (repeats[axis] ?? 1)),
    (position) =>
      position.reduce((at, place, axis) => at + (place % (x.dims[axis] ?? 1)) * (strides[axis] ?? 0), 0), // prettier-ignore
  )
}

/** Where a position outside 0 … size − 1 takes its number from; −1 where it is padding. */
const borders: Readonly<Record<string, (at: number, size: number) => number>> = {
  constant: () => -1,
  edge: (at, size) => Math.min(Math.max(at, 0), size - 1),
  reflect: (at, size) => {
    const period = Math.max(1, 2 * (size - 1))
    const within = ((at % period) + period) % period
    return within < size ? within : period - within
  },
  wrap: (at, size) => ((at % size) + size) % size,
}

/** Pads of all axes, or since operator set 18 of some; negative ones cut. */
function padsOf(call: Call, rank: number): { begin: number[]; end: number[] } {
  const pads = integersFrom(call, 'pads', 1) ?? []
  const axes = integersFrom(call, '', 3) ?? Array.from({ length: rank }, (_, axis) => axis)
  const begin = Array<number>(rank).fill(0)
  const end = Array<number>(rank).fill(0)
  for (const [at, axis] of axes.entries()) {
    begin[axisOf(axis, rank)] = pads[at] ?? 0
    end[axisOf(axis, rank)] = pads[at + axes.length] ?? 0
  }
  return { begin, end }
}

const pad: Operator = (call) => {
  const x = inputOf(call)
  const border = borders[stringOf(call.node, 'mode', 'constant')]
  if (!border) throw new Error(`${call.node.name}: unknown mode`)
  const value = optionalOf(call, 2)?.data[0] ?? floatOf(call.node, 'value', 0)
  const { begin, end } = padsOf(call, x.dims.length)
  const strides = stridesOf(x.dims)
  return picked(
    x,
    x.dims.map((size, axis) => size + (begin[axis] ?? 0) + (end[axis] ?? 0)),
    (position) => {
      let from = 0
      for (const [axis, place] of position.entries()) {
        const size = x.dims[axis] ?? 1
        const at = place - (begin[axis] ?? 0)
        const taken = at >= 0 && at < size ? at : border(at, size)
        if (taken < 0) return -1
        from += taken * (strides[axis] ?? 0)
      }
      return from
    },
    value,
  )
}

export const pieces: Operators = {
  Concat: concat,
  Split: split,
  Slice: slice,
  Expand: expand,
  Tile: tile,
  Pad: pad,
}
