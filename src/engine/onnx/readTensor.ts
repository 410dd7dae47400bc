import type { Reader } from 'protobufjs/minimal.js'
import { AppError } from '../../shared/errors'
import { byteLength, packElements } from './elements'
import type { ExternalFiles } from './externalData'
import type { Tensor } from './model'
import { plainName } from './names'
import { eachField, integer, nested, repeated } from './protobuf'
import { field } from './wire'

/** @param external the files beside the model. */
export function readTensor(reader: Reader, end: number, external: ExternalFiles): Tensor {
  const dims: number[] = []
  const numbers: number[] = []
  const reference = new Map<string, string>()
  let name = ''
  let dataType = 0
  let raw: Uint8Array = new Uint8Array()
  let isExternal = false
  eachField(reader, end, (number, wireType) => {
    const f = field.tensor
    if (number === f.dims) repeated(reader, wireType, dims, integer)
    else if (number === f.dataType) dataType = reader.int32()
    else if (number === f.name) name = reader.string()
    else if (number === f.rawData) raw = reader.bytes()
    else if (number === f.floatData) repeated(reader, wireType, numbers, (r) => r.float())
    else if (number === f.doubleData) repeated(reader, wireType, numbers, (r) => r.double())
    else if (number === f.int32Data) repeated(reader, wireType, numbers, (r) => r.int32())
    else if (number === f.int64Data || number === f.uint64Data) {
      repeated(reader, wireType, numbers, integer)
    } else if (number === f.externalData) reference.set(...nested(reader, readEntry))
    else if (number === f.dataLocation) isExternal = reader.int32() !== 0
    else return false
    return true
  })
  const shown = plainName(name)
  const count = dims.reduce((product, size) => product * size, 1)
  if (dims.some((size) => size < 0) || !Number.isSafeInteger(count)) {
    throw broken(`The tensor “${shown}” cannot have ${plainName(dims.join(' × '))} elements.`)
  }
  const expected = byteLength(count, dataType)
  const bytes = isExternal
    ? externalBytes(shown, reference, expected, external)
    : raw.length > 0
      ? raw
      : packElements(numbers, dataType)
  if (expected !== null && bytes.length !== expected) {
    throw broken(`The tensor “${shown}” has ${bytes.length} bytes where ${expected} are stated.`)
  }
  return { name, dims, dataType, raw: bytes }
}

/** A StringStringEntryProto. */
export function readEntry(reader: Reader, end: number): [key: string, value: string] {
  let key = ''
  let value = ''
  eachField(reader, end, (number) => {
    if (number === field.entry.key) key = reader.string()
    else if (number === field.entry.value) value = reader.string()
    else return false
    return true
  })
  return [key, value]
}

function externalBytes(
  tensor: string,
  reference: ReadonlyMap<string, string>,
  expected: number | null,
  external: ExternalFiles,
): Uint8Array {
  const location = reference.get('location') ?? ''
  if (location === '')
    throw broken(
      `The weights “${tensor}” lie in another file, but the model does not say in which.`,
    )
  const offset = bytesStated(tensor, reference, 'offset') ?? 0
  const size = bytesStated(tensor, reference, 'length') ?? expected ?? 0
  const file = external.get(location)
  if (!file) {
    throw new AppError(
      'invalid-model',
      `The weights “${tensor}” lie in another file, “${plainName(location)}”, which was not opened.`,
      'Put it beside the model, or save the model as one file with its weights inside.',
    )
  }
  if (offset + size > file.length) {
    throw broken(
      `The weights “${tensor}” end at byte ${offset + size} of “${plainName(location)}”, which has ${file.length}.`,
    )
  }
  return file.subarray(offset, offset + size)
}

function bytesStated(
  tensor: string,
  reference: ReadonlyMap<string, string>,
  key: 'offset' | 'length',
): number | null {
  const text = reference.get(key)
  if (text === undefined) return null
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw broken(`The ${key} of the weights “${tensor}” is not a number of bytes.`)
}

function broken(message: string): AppError {
  return new AppError(
    'invalid-model',
    message,
    'Export the classifier again as ONNX and check that the copy is complete.',
  )
}
