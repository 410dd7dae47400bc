import { floatsOf, integersOf } from '../../../src/engine/onnx/elements'
import { DataType, type Tensor } from '../../../src/engine/onnx/model'

/** What elements are; decides about quotients and casts. */
export type Kind = 'float' | 'integer' | 'boolean'

/** An array of numbers in double precision, row-major. Integers and truth values are numbers, too. */
export interface NdArray {
  readonly dims: readonly number[]
  readonly data: Float64Array
  readonly kind: Kind
}

export function sizeOf(dims: readonly number[]): number {
  return dims.reduce((product, size) => product * size, 1)
}

/** How far apart neighbours along each axis lie. */
export function stridesOf(dims: readonly number[]): number[] {
  const strides = dims.map(() => 1)
  for (let axis = dims.length - 2; axis >= 0; axis--)
    strides[axis] = (strides[axis + 1] ?? 1) * (dims[axis + 1] ?? 1)
  return strides
}

export function ndArray(
  dims: readonly number[],
  data: Float64Array,
  kind: Kind = 'float',
): NdArray {
  if (data.length !== sizeOf(dims)) throw new Error(`${data.length} numbers for ${dims.join('×')}`)
  return { dims, data, kind }
}

export function integers(values: readonly number[]): NdArray {
  return ndArray([values.length], Float64Array.from(values), 'integer')
}

/** Visits every position of an array in order; the position is one array, changed in place. */
export function eachPosition(
  dims: readonly number[],
  visit: (position: readonly number[], index: number) => void,
): void {
  const count = sizeOf(dims)
  const position = dims.map(() => 0)
  for (let index = 0; index < count; index++) {
    visit(position, index)
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      position[axis] = (position[axis] ?? 0) + 1
      if ((position[axis] ?? 0) < (dims[axis] ?? 1)) break
      position[axis] = 0
    }
  }
}

/** For each position of `dims` the element at Σ position · stride + offset. */
export function strided(
  x: NdArray,
  dims: readonly number[],
  strides: readonly number[],
  offset = 0,
): NdArray {
  const data = new Float64Array(sizeOf(dims))
  eachPosition(dims, (position, index) => {
    let from = offset
    for (let axis = 0; axis < position.length; axis++)
      from += (position[axis] ?? 0) * (strides[axis] ?? 0)
    data[index] = x.data[from] ?? Number.NaN
  })
  return { dims, data, kind: x.kind }
}

/** An array picked together: the element of x at `from(position)`, or `otherwise` where that is −1. */
export function picked(
  x: NdArray,
  dims: readonly number[],
  from: (position: readonly number[]) => number,
  otherwise = Number.NaN,
): NdArray {
  const data = new Float64Array(sizeOf(dims))
  eachPosition(dims, (position, index) => {
    const at = from(position)
    data[index] = at < 0 ? otherwise : (x.data[at] ?? Number.NaN)
  })
  return { dims, data, kind: x.kind }
}

/** The shape that several shapes broadcast to, from the right; throws where they do not. */
export function broadcastDims(...shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((dims) => dims.length))
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = shapes.map((dims) => dims[axis - rank + dims.length] ?? 1)
    const size = sizes.find((candidate) => candidate !== 1) ?? 1
    if (sizes.some((candidate) => candidate !== 1 && candidate !== size))
      throw new Error(`${shapes.map((dims) => dims.join('×')).join(' and ')} do not broadcast`)
    return size
  })
}

/** x repeated along the axes where it has length 1, or that it lacks. */
export function broadcastTo(x: NdArray, dims: readonly number[]): NdArray {
  if (x.dims.length === dims.length && x.dims.every((size, axis) => size === dims[axis])) return x
  const missing = dims.length - x.dims.length
  const own = stridesOf(x.dims)
  const strides = dims.map((_, axis) =>
    (x.dims[axis - missing] ?? 1) === 1 ? 0 : (own[axis - missing] ?? 0),
  )
  return strided(x, dims, strides)
}

export function map(x: NdArray, f: (value: number) => number, kind: Kind = x.kind): NdArray {
  return { dims: x.dims, data: x.data.map(f), kind }
}

/** Elementwise over two arrays that broadcast. */
export function zip(
  a: NdArray,
  b: NdArray,
  f: (x: number, y: number) => number,
  kind: Kind = a.kind,
): NdArray {
  const dims = broadcastDims(a.dims, b.dims)
  const [left, right] = [broadcastTo(a, dims), broadcastTo(b, dims)]
  return { dims, data: left.data.map((x, at) => f(x, right.data[at] ?? Number.NaN)), kind }
}

/** Counted from the end where negative. */
export function axisOf(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis
}

const integerTypes = new Set<number>([
  DataType.int64,
  DataType.int32,
  DataType.int16,
  DataType.uint16,
  DataType.int8,
  DataType.uint8,
])

export function kindOf(dataType: number): Kind {
  if (dataType === DataType.bool) return 'boolean'
  return integerTypes.has(dataType) ? 'integer' : 'float'
}

/** An initializer's or attribute's numbers. */
export function ndArrayOf(tensor: Tensor): NdArray {
  const { dims, dataType, raw } = tensor
  const kind = kindOf(dataType)
  if (kind === 'integer') return ndArray(dims, Float64Array.from(integersOf(tensor)), kind)
  if (kind === 'boolean') return ndArray(dims, Float64Array.from(raw), kind)
  if (dataType === DataType.double)
    return ndArray(dims, new Float64Array(Uint8Array.from(raw).buffer))
  return ndArray(dims, Float64Array.from(floatsOf(tensor)))
}
