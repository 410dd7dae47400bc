import { DataType, type Tensor } from './model'

/** Bits of an element, by type. */
const bits = new Map<number, number>([
  [DataType.float, 32],
  [DataType.uint8, 8],
  [DataType.int8, 8],
  [DataType.uint16, 16],
  [DataType.int16, 16],
  [DataType.int32, 32],
  [DataType.int64, 64],
  [DataType.bool, 8],
  [DataType.float16, 16],
  [DataType.double, 64],
  [DataType.uint32, 32],
  [DataType.uint64, 64],
  [DataType.bfloat16, 16],
  [DataType.float8e4m3fn, 8],
  [DataType.float8e4m3fnuz, 8],
  [DataType.float8e5m2, 8],
  [DataType.float8e5m2fnuz, 8],
  [DataType.uint4, 4],
  [DataType.int4, 4],
])

/** Bytes an element takes; 0 for types that are not read, or of which two share a byte. */
export function elementSize(dataType: number): number {
  return Math.floor((bits.get(dataType) ?? 0) / 8)
}

/** Bytes that `count` elements take; null for types that are not read. */
export function byteLength(count: number, dataType: number): number | null {
  const size = bits.get(dataType)
  return size === undefined ? null : Math.ceil((count * size) / 8)
}

/**
 * Numbers as little-endian bytes of the given type. Types below a byte are given as the file lists
 * them: one number a byte; float16 and its kin as their bits.
 */
export function packElements(numbers: readonly number[], dataType: number): Uint8Array {
  const size = Math.ceil((bits.get(dataType) ?? 0) / 8)
  const bytes = new Uint8Array(numbers.length * size)
  const view = new DataView(bytes.buffer)
  for (const [index, value] of numbers.entries()) {
    const at = index * size
    if (dataType === DataType.float) view.setFloat32(at, value, true)
    else if (dataType === DataType.double) view.setFloat64(at, value, true)
    else if (size === 8) view.setBigInt64(at, BigInt(value), true)
    else if (size === 4) view.setInt32(at, value, true)
    else if (size === 2) view.setInt16(at, value, true)
    else view.setInt8(at, value)
  }
  return bytes
}

/** The elements of a float32 tensor, copied only where the file left them unaligned. */
export function floatsOf(tensor: Tensor): Float32Array {
  if (tensor.dataType !== DataType.float) {
    throw new Error(`${tensor.name} is not a float32 tensor`)
  }
  const { raw } = tensor
  if (raw.byteOffset % 4 === 0) return new Float32Array(raw.buffer, raw.byteOffset, raw.length / 4)
  // Not slice(): on a Buffer that is a view, unaligned like the original.
  return new Float32Array(Uint8Array.from(raw).buffer)
}

const integerReaders = new Map<number, (view: DataView, at: number) => number>([
  [DataType.int64, (view, at) => Number(view.getBigInt64(at, true))],
  [DataType.int32, (view, at) => view.getInt32(at, true)],
  [DataType.int16, (view, at) => view.getInt16(at, true)],
  [DataType.uint16, (view, at) => view.getUint16(at, true)],
  [DataType.int8, (view, at) => view.getInt8(at)],
  [DataType.uint8, (view, at) => view.getUint8(at)],
])

/** Whether `integersOf` reads a type. */
export function isInteger(dataType: number): boolean {
  return integerReaders.has(dataType)
}

/** The elements of an integer tensor as numbers. */
export function integersOf(tensor: Tensor): number[] {
  const view = new DataView(tensor.raw.buffer, tensor.raw.byteOffset, tensor.raw.length)
  const read = integerReaders.get(tensor.dataType)
  if (!read) throw new Error(`${tensor.name} is not an integer tensor`)
  const size = elementSize(tensor.dataType)
  return Array.from({ length: tensor.raw.length / size }, (_, index) => read(view, index * size))
}

export function floatTensor(name: string, dims: readonly number[], values: Float32Array): Tensor {
  return {
    name,
    dims,
    dataType: DataType.float,
    raw: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  }
}

export function int64Tensor(
  name: string,
  dims: readonly number[],
  values: readonly number[],
): Tensor {
  return { name, dims, dataType: DataType.int64, raw: packElements(values, DataType.int64) }
}
