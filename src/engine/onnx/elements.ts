import { DataType, type Tensor } from './model'

const sizes = new Map<number, number>([
  [DataType.float, 4],
  [DataType.uint8, 1],
  [DataType.int8, 1],
  [DataType.uint16, 2],
  [DataType.int16, 2],
  [DataType.int32, 4],
  [DataType.int64, 8],
  [DataType.bool, 1],
  [DataType.float16, 2],
  [DataType.double, 8],
  [DataType.uint32, 4],
  [DataType.uint64, 8],
])

/** Bytes an element takes; 0 for types that the compiler does not read. */
export function elementSize(dataType: number): number {
  return sizes.get(dataType) ?? 0
}

/** Numbers as little-endian bytes of the given type. */
export function packElements(numbers: readonly number[], dataType: number): Uint8Array {
  const size = elementSize(dataType)
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

/** The elements of an integer tensor as numbers. */
export function integersOf(tensor: Tensor): number[] {
  const view = new DataView(tensor.raw.buffer, tensor.raw.byteOffset, tensor.raw.length)
  const size = elementSize(tensor.dataType)
  const values: number[] = []
  for (let at = 0; at < tensor.raw.length; at += size) {
    if (tensor.dataType === DataType.int64) values.push(Number(view.getBigInt64(at, true)))
    else if (tensor.dataType === DataType.int32) values.push(view.getInt32(at, true))
    else throw new Error(`${tensor.name} is not an integer tensor`)
  }
  return values
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
