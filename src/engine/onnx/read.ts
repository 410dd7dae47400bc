import { Reader } from 'protobufjs/minimal.js'
import { AppError } from '../../shared/errors'
import { elementSize, packElements } from './elements'
import { checkGraph } from './checkGraph'
import type { Attribute, Graph, Model, Node, Tensor, Value } from './model'
import { plainName } from './names'
import { field } from './wire'

const wireVarint = 0
const wireLength = 2

/**
 * Reads an ONNX file. Weights stay views on `bytes` where the file keeps them raw.
 * @throws AppError `invalid-model` when the bytes are not an ONNX model, hold no graph or one out of
 *   order, or keep their weights in other files.
 */
export function readModel(bytes: Uint8Array): Model {
  try {
    return readModelProto(Reader.create(bytes), bytes.length)
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError(
      'invalid-model',
      'This file is not a readable ONNX model.',
      'Export the classifier again as ONNX and check that the copy is complete.',
      { cause: error },
    )
  }
}

/** Calls `visit` for each field of the message that ends at `end`; what it does not read is skipped. */
function eachField(
  reader: Reader,
  end: number,
  visit: (number: number, wireType: number) => boolean,
): void {
  while (reader.pos < end) {
    const tag = reader.uint32()
    if (!visit(tag >>> 3, tag & 7)) reader.skipType(tag & 7)
  }
  if (reader.pos !== end) throw new Error('a message runs over its end')
}

function nested<T>(reader: Reader, read: (reader: Reader, end: number) => T): T {
  const length = reader.uint32()
  const end = reader.pos + length
  if (end > reader.len) throw new Error('a message runs over the end of the file')
  return read(reader, end)
}

/** An int64 as a number; sizes and indices beyond 2^53 cannot be meant. */
function integer(reader: Reader): number {
  const value = Number(reader.int64())
  if (!Number.isSafeInteger(value))
    return value > 0 ? Number.MAX_SAFE_INTEGER : Number.MIN_SAFE_INTEGER
  return value
}

/** A repeated scalar, packed or not. */
function repeated(
  reader: Reader,
  wireType: number,
  into: number[],
  one: (reader: Reader) => number,
): void {
  if (wireType !== wireLength) {
    into.push(one(reader))
    return
  }
  nested(reader, (inner, end) => {
    while (inner.pos < end) into.push(one(inner))
  })
}

function readModelProto(reader: Reader, end: number): Model {
  let irVersion = 0
  let producer = ''
  const opsets = new Map<string, number>()
  let graph: Graph | null = null
  eachField(reader, end, (number, wireType) => {
    if (number === field.model.irVersion && wireType === wireVarint) irVersion = integer(reader)
    else if (number === field.model.producerName && wireType === wireLength)
      producer = reader.string()
    else if (number === field.model.graph && wireType === wireLength)
      graph = nested(reader, readGraph)
    else if (number === field.model.opsetImport && wireType === wireLength) {
      const [domain, version] = nested(reader, readOpset)
      opsets.set(domain === 'ai.onnx' ? '' : domain, version)
    } else return false
    return true
  })
  const read = graph as Graph | null
  if (!read || read.nodes.length === 0) {
    throw new AppError(
      'invalid-model',
      'This ONNX file holds no network.',
      'Choose the ONNX file of an image classifier.',
    )
  }
  checkGraph(read)
  return { irVersion, producer, opsets, graph: read }
}

function readOpset(reader: Reader, end: number): [string, number] {
  let domain = ''
  let version = 0
  eachField(reader, end, (number) => {
    if (number === field.opset.domain) domain = reader.string()
    else if (number === field.opset.version) version = integer(reader)
    else return false
    return true
  })
  return [domain, version]
}

function readGraph(reader: Reader, end: number): Graph {
  let name = ''
  const nodes: Node[] = []
  const initializers = new Map<string, Tensor>()
  const inputs: Value[] = []
  const outputs: Value[] = []
  const names = new Map<string, number>()
  eachField(reader, end, (number) => {
    if (number === field.graph.node) nodes.push(uniquelyNamed(nested(reader, readNode), names))
    else if (number === field.graph.name) name = reader.string()
    else if (number === field.graph.initializer) {
      const tensor = nested(reader, readTensor)
      initializers.set(tensor.name, tensor)
    } else if (number === field.graph.input) inputs.push(nested(reader, readValue))
    else if (number === field.graph.output) outputs.push(nested(reader, readValue))
    else return false
    return true
  })
  // Before IR version 4 every initializer is listed among the inputs as well.
  return {
    name,
    nodes,
    initializers,
    inputs: inputs.filter((input) => !initializers.has(input.name)),
    outputs,
  }
}

/**
 * ONNX does not ask for names, and nothing refers to them; ours must tell nodes apart in refusals and
 * in the ledger, and be fit to be shown.
 * @param names how often each name was given out.
 */
function uniquelyNamed(node: Node, names: Map<string, number>): Node {
  const base = plainName(node.name || `${node.operator}:${node.outputs[0] ?? ''}`)
  let count = (names.get(base) ?? 0) + 1
  let name = count === 1 ? base : `${base}#${count}`
  for (; names.has(name); count++) name = `${base}#${count}`
  names.set(base, count)
  if (name !== base) names.set(name, 1)
  return { ...node, name, operator: plainName(node.operator), domain: plainName(node.domain) }
}

function readNode(reader: Reader, end: number): Node {
  const inputs: string[] = []
  const outputs: string[] = []
  const attributes = new Map<string, Attribute>()
  let name = ''
  let operator = ''
  let domain = ''
  eachField(reader, end, (number) => {
    if (number === field.node.input) inputs.push(reader.string())
    else if (number === field.node.output) outputs.push(reader.string())
    else if (number === field.node.name) name = reader.string()
    else if (number === field.node.opType) operator = reader.string()
    else if (number === field.node.domain) domain = reader.string()
    else if (number === field.node.attribute) {
      const [key, value] = nested(reader, readAttribute)
      attributes.set(key, value)
    } else return false
    return true
  })
  return { name, operator, domain: domain === 'ai.onnx' ? '' : domain, inputs, outputs, attributes }
}

function readAttribute(reader: Reader, end: number): [string, Attribute] {
  let name = ''
  let value: Attribute = { kind: 'unread' }
  const floats: number[] = []
  const ints: number[] = []
  const strings: string[] = []
  const decoder = new TextDecoder()
  let declared = 0
  eachField(reader, end, (number, wireType) => {
    const f = field.attribute
    if (number === f.name) name = reader.string()
    else if (number === f.f) value = { kind: 'float', value: reader.float() }
    else if (number === f.i) value = { kind: 'int', value: integer(reader) }
    else if (number === f.s) value = { kind: 'string', value: decoder.decode(reader.bytes()) }
    else if (number === f.t) value = { kind: 'tensor', value: nested(reader, readTensor) }
    else if (number === f.floats) repeated(reader, wireType, floats, (r) => r.float())
    else if (number === f.ints) repeated(reader, wireType, ints, integer)
    else if (number === f.strings) strings.push(decoder.decode(reader.bytes()))
    else if (number === f.type) declared = reader.int32()
    else return false
    return true
  })
  return [name, value.kind === 'unread' ? listAttribute(declared, floats, ints, strings) : value]
}

/** Lists, and scalars at their default, which writers leave out (proto3). */
function listAttribute(
  declared: number,
  floats: readonly number[],
  ints: readonly number[],
  strings: readonly string[],
): Attribute {
  if (floats.length > 0 || declared === 6) return { kind: 'floats', value: floats }
  if (ints.length > 0 || declared === 7) return { kind: 'ints', value: ints }
  if (strings.length > 0 || declared === 8) return { kind: 'strings', value: strings }
  if (declared === 1) return { kind: 'float', value: 0 }
  if (declared === 2) return { kind: 'int', value: 0 }
  if (declared === 3) return { kind: 'string', value: '' }
  return { kind: 'unread' }
}

function readTensor(reader: Reader, end: number): Tensor {
  const dims: number[] = []
  const numbers: number[] = []
  let name = ''
  let dataType = 0
  let raw: Uint8Array | null = null
  let external = false
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
    } else if (number === f.dataLocation) external = reader.int32() !== 0
    else return false
    return true
  })
  if (external) {
    throw new AppError(
      'invalid-model',
      `The weights “${plainName(name)}” lie in a file of their own.`,
      'Save the model as one ONNX file, with its weights inside.',
    )
  }
  const count = dims.reduce((product, size) => product * size, 1)
  const bytes = raw ?? packElements(numbers, dataType)
  if (elementSize(dataType) > 0 && bytes.length !== count * elementSize(dataType)) {
    throw new Error(`tensor ${name} has ${bytes.length} bytes for ${count} elements`)
  }
  return { name, dims, dataType, raw: bytes }
}

function readValue(reader: Reader, end: number): Value {
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
