import type { Reader } from 'protobufjs/minimal.js'
import type { Value } from './model'
import { eachField, integer, nested } from './protobuf'
import { field } from './wire'

/** A graph input or output (ValueInfoProto); type 0 where it is no tensor. */
export function readValue(reader: Reader, end: number): Value {
  let name = ''
  let dataType = 0
  const dims: (number | null)[] = []
  const readDim = (inner: Reader, innerEnd: number): number | null => {
    let size: number | null = null
    eachField(inner, innerEnd, (number) => {
      if (number !== field.dim.value) return false
      size = integer(inner)
      return true
    })
    return size !== null && size > 0 ? size : null
  }
  const readShape = (inner: Reader, innerEnd: number): void =>
    eachField(inner, innerEnd, (number) => {
      if (number !== field.shape.dim) return false
      dims.push(nested(inner, readDim))
      return true
    })
  const readTensorType = (inner: Reader, innerEnd: number): void =>
    eachField(inner, innerEnd, (number) => {
      if (number === field.tensorType.elemType) dataType = inner.int32()
      else if (number === field.tensorType.shape) nested(inner, readShape)
      else return false
      return true
    })
  const readType = (inner: Reader, innerEnd: number): void =>
    eachField(inner, innerEnd, (number) => {
      if (number !== field.type.tensor) return false
      nested(inner, readTensorType)
      return true
    })
  eachField(reader, end, (number) => {
    if (number === field.valueInfo.name) name = reader.string()
    else if (number === field.valueInfo.type) nested(reader, readType)
    else return false
    return true
  })
  return { name, dataType, dims }
}
