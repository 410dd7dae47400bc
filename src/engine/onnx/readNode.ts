import type { Reader } from 'protobufjs/minimal.js'
import type { Call } from './inlineFunctions'
import type { Attribute, Tensor } from './model'
import { plainName } from './names'
import { eachField, integer, nested, repeated } from './protobuf'
import { attributeType, field } from './wire'

/** Reads a tensor of an attribute. */
export type TensorReader = (reader: Reader, end: number) => Tensor

/** A node as the file has it; its name need not be one of its own. */
export function readNode(reader: Reader, end: number, tensor: TensorReader): Call {
  const inputs: string[] = []
  const outputs: string[] = []
  const attributes = new Map<string, Attribute>()
  const references = new Map<string, string>()
  let [name, operator, domain, overload] = ['', '', '', '']
  eachField(reader, end, (number) => {
    if (number === field.node.input) inputs.push(reader.string())
    else if (number === field.node.output) outputs.push(reader.string())
    else if (number === field.node.name) name = reader.string()
    else if (number === field.node.opType) operator = reader.string()
    else if (number === field.node.domain) domain = reader.string()
    else if (number === field.node.overload) overload = reader.string()
    else if (number === field.node.attribute) {
      const read = nested(reader, (inner, innerEnd) => readAttribute(inner, innerEnd, tensor))
      if (read.reference === '') attributes.set(read.name, read.value)
      else references.set(read.name, read.reference)
    } else return false
    return true
  })
  const node = {
    name,
    operator: plainName(operator),
    domain: standardDomain(plainName(domain)),
    inputs: withoutTrailing(inputs),
    // How many parts there are, a Split may say by its outputs alone; one without a name is refused: see `assertRunnable`.
    outputs: operator === 'Split' ? outputs : withoutTrailing(outputs),
    attributes,
  }
  return { node, overload, references }
}

/**
 * Optional values at the end may be left out or be empty, which means the same; operators of ONNX Runtime
 * that count their inputs take an empty one for one that is there.
 */
function withoutTrailing(names: readonly string[]): readonly string[] {
  return names.slice(0, names.findLastIndex((name) => name !== '') + 1)
}

/** The standard operators' domain has two names. */
export function standardDomain(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain
}

interface NamedAttribute {
  readonly name: string
  readonly value: Attribute
  /** Inside a function: the function's attribute whose value it takes; else empty. */
  readonly reference: string
}

export function readAttribute(reader: Reader, end: number, tensor: TensorReader): NamedAttribute {
  let name = ''
  let reference = ''
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
    else if (number === f.t) value = { kind: 'tensor', value: nested(reader, tensor) }
    else if (number === f.floats) repeated(reader, wireType, floats, (r) => r.float())
    else if (number === f.ints) repeated(reader, wireType, ints, integer)
    else if (number === f.strings) strings.push(decoder.decode(reader.bytes()))
    else if (number === f.type) declared = reader.int32()
    else if (number === f.reference) reference = reader.string()
    else return false
    return true
  })
  if (value.kind === 'unread') value = listAttribute(declared, floats, ints, strings)
  return { name, value, reference }
}

/** Lists, and scalars at their default, which writers leave out (proto3). */
function listAttribute(
  declared: number,
  floats: readonly number[],
  ints: readonly number[],
  strings: readonly string[],
): Attribute {
  if (floats.length > 0 || declared === attributeType.floats)
    return { kind: 'floats', value: floats }
  if (ints.length > 0 || declared === attributeType.ints) return { kind: 'ints', value: ints }
  if (strings.length > 0 || declared === attributeType.strings)
    return { kind: 'strings', value: strings }
  if (declared === attributeType.float) return { kind: 'float', value: 0 }
  if (declared === attributeType.int) return { kind: 'int', value: 0 }
  if (declared === attributeType.string) return { kind: 'string', value: '' }
  return { kind: 'unread' }
}
