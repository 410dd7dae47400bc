import { Writer } from 'protobufjs/minimal.js'
import { AppError } from '../../shared/errors'
import type { Attribute, Graph, Model, Node, Tensor, Value } from './model'
import { attributeType, field } from './wire'

const tag = (number: number, wireType: 0 | 2 | 5): number => (number << 3) | wireType

/** Protocol buffers cannot be larger, in bytes. */
const largestFile = 2 ** 31 - 1

/**
 * The model as the bytes of an ONNX file.
 * @throws AppError `invalid-model` when its weights do not fit into one.
 */
export function writeModel(model: Model): Uint8Array {
  checkSize(model)
  return writeGraphWith(model, writeTensor)
}

/** A model whose weights lie beside it, as ONNX calls external data; here in memory, not in files. */
export interface SplitModel {
  readonly bytes: Uint8Array
  readonly weights: readonly { readonly path: string; readonly data: Uint8Array }[]
}

/** Smaller tensors stay inside: ONNX Runtime reads sizes and axes from the model itself. */
const smallest = 4096

/**
 * The model with its larger weights beside it, so that no copy of them is made on the way to a session.
 * @throws AppError `invalid-model` when the weights are more than a session takes.
 */
export function writeSplit(model: Model): SplitModel {
  checkSize(model)
  const weights: { path: string; data: Uint8Array }[] = []
  const bytes = writeGraphWith(model, (writer, tensor) => {
    if (tensor.raw.length < smallest) {
      writeTensor(writer, tensor)
      return
    }
    const path = `weights-${weights.length}`
    weights.push({ path, data: tensor.raw })
    writeHeader(writer, tensor)
    message(writer, field.tensor.externalData, () => {
      text(writer, field.entry.key, 'location')
      text(writer, field.entry.value, path)
    })
    writer.uint32(tag(field.tensor.dataLocation, 0)).int32(1)
  })
  return { bytes, weights }
}

function checkSize({ graph }: Model): void {
  let weights = 0
  for (const tensor of graph.initializers.values()) weights += tensor.raw.length
  if (weights <= largestFile) return
  throw new AppError(
    'invalid-model',
    `In float32, and with what this method needs, the model's weights take ${Math.ceil(weights / 2 ** 20)} MB; at most ${Math.floor(largestFile / 2 ** 20)} MB can be run.`,
    'Choose the method epsilon or zero, which need no further weights, or a smaller model.',
  )
}

type TensorWriter = (writer: Writer, tensor: Tensor) => void

function writeGraphWith(model: Model, initializer: TensorWriter): Uint8Array {
  const writer = Writer.create()
  writer.uint32(tag(field.model.irVersion, 0)).int64(model.irVersion)
  writer.uint32(tag(field.model.producerName, 2)).string(model.producer)
  message(writer, field.model.graph, () => writeGraph(writer, model.graph, initializer))
  for (const [domain, version] of model.opsets) {
    message(writer, field.model.opsetImport, () => {
      text(writer, field.opset.domain, domain)
      writer.uint32(tag(field.opset.version, 0)).int64(version)
    })
  }
  return writer.finish()
}

function message(writer: Writer, number: number, write: () => void): void {
  writer.uint32(tag(number, 2)).fork()
  write()
  writer.ldelim()
}

function text(writer: Writer, number: number, value: string): void {
  writer.uint32(tag(number, 2)).string(value)
}

function writeGraph(writer: Writer, graph: Graph, initializer: TensorWriter): void {
  for (const node of graph.nodes) message(writer, field.graph.node, () => writeNode(writer, node))
  text(writer, field.graph.name, graph.name)
  for (const tensor of graph.initializers.values()) {
    message(writer, field.graph.initializer, () => initializer(writer, tensor))
  }
  for (const value of graph.inputs)
    message(writer, field.graph.input, () => writeValue(writer, value))
  for (const value of graph.outputs) {
    message(writer, field.graph.output, () => writeValue(writer, value))
  }
}

function writeNode(writer: Writer, node: Node): void {
  for (const input of node.inputs) text(writer, field.node.input, input)
  for (const output of node.outputs) text(writer, field.node.output, output)
  text(writer, field.node.name, node.name)
  text(writer, field.node.opType, node.operator)
  if (node.domain !== '') text(writer, field.node.domain, node.domain)
  for (const [name, attribute] of node.attributes) {
    message(writer, field.node.attribute, () => writeAttribute(writer, name, attribute))
  }
}

function writeAttribute(writer: Writer, name: string, attribute: Attribute): void {
  const f = field.attribute
  const type = (value: number) => writer.uint32(tag(f.type, 0)).int32(value)
  text(writer, f.name, name)
  switch (attribute.kind) {
    case 'float':
      writer.uint32(tag(f.f, 5)).float(attribute.value)
      type(attributeType.float)
      break
    case 'int':
      writer.uint32(tag(f.i, 0)).int64(attribute.value)
      type(attributeType.int)
      break
    case 'string':
      text(writer, f.s, attribute.value)
      type(attributeType.string)
      break
    case 'tensor':
      message(writer, f.t, () => writeTensor(writer, attribute.value))
      type(attributeType.tensor)
      break
    case 'floats':
      for (const value of attribute.value) writer.uint32(tag(f.floats, 5)).float(value)
      type(attributeType.floats)
      break
    case 'ints':
      for (const value of attribute.value) writer.uint32(tag(f.ints, 0)).int64(value)
      type(attributeType.ints)
      break
    case 'strings':
      for (const value of attribute.value) text(writer, f.strings, value)
      type(attributeType.strings)
      break
    case 'unread':
      throw new Error(`attribute ${name} was not read and cannot be written`)
  }
}

function writeHeader(writer: Writer, tensor: Tensor): void {
  for (const size of tensor.dims) writer.uint32(tag(field.tensor.dims, 0)).int64(size)
  writer.uint32(tag(field.tensor.dataType, 0)).int32(tensor.dataType)
  text(writer, field.tensor.name, tensor.name)
}

function writeTensor(writer: Writer, tensor: Tensor): void {
  writeHeader(writer, tensor)
  writer.uint32(tag(field.tensor.rawData, 2)).bytes(tensor.raw)
}

function writeValue(writer: Writer, value: Value): void {
  text(writer, field.valueInfo.name, value.name)
  if (value.dataType === 0) return
  message(writer, field.valueInfo.type, () =>
    message(writer, field.type.tensor, () => {
      writer.uint32(tag(field.tensorType.elemType, 0)).int32(value.dataType)
      message(writer, field.tensorType.shape, () => {
        for (const [axis, size] of value.dims.entries()) {
          message(writer, field.shape.dim, () => {
            if (size === null) text(writer, field.dim.param, `dim${axis}`)
            else writer.uint32(tag(field.dim.value, 0)).int64(size)
          })
        }
      })
    }),
  )
}
