import { Reader } from 'protobufjs/minimal.js'
import { AppError } from '../../shared/errors'
import { checkGraph } from './checkGraph'
import type { ExternalFiles, ModelSource } from './externalData'
import { inlineFunctions, type Call, type FunctionBody } from './inlineFunctions'
import type { Attribute, Graph, Model, Tensor, Value } from './model'
import { plainName } from './names'
import { eachField, integer, nested, wireLength, wireVarint } from './protobuf'
import { readAttribute, readNode, standardDomain, type TensorReader } from './readNode'
import { readTensor } from './readTensor'
import { readValue } from './readValue'
import { withoutSequences } from './sequences'
import { field } from './wire'

/**
 * Reads an ONNX model. Weights stay views on the bytes where the file keeps them raw; calls of functions
 * of the model's own are replaced by their bodies; nodes are sorted.
 * @throws AppError `invalid-model` when the bytes are not an ONNX model, hold no graph or one that is
 *   none (see checkGraph), or keep weights in files that the source does not have.
 */
export function readModel(source: ModelSource): Model {
  const bytes = source instanceof Uint8Array ? source : source.bytes
  const external = source instanceof Uint8Array ? new Map<string, Uint8Array>() : source.external
  const name = source instanceof Uint8Array ? undefined : source.name
  const file = name === undefined ? 'This file' : `“${plainName(name)}”`
  try {
    const model = readModelProto(Reader.create(bytes), bytes.length, external)
    if (!model)
      throw new AppError(
        'invalid-model',
        `${file} holds no network.`,
        'Choose the ONNX file of an image classifier.',
      )
    return model
  } catch (error) {
    if (error instanceof AppError) throw error
    throw unreadable(file, bytes, error)
  }
}

/** What lies in the place of a model that was not downloaded. */
const placeholders: readonly (readonly [beginning: string, is: string, hint: string])[] = [
  ['version https://git-lfs', 'is a pointer of Git LFS, not the model itself', 'Fetch the model with “git lfs pull”.'], // prettier-ignore
  ['<!doctype html', 'is a web page, not an ONNX model', 'Download the model itself, not the page that shows it.'], // prettier-ignore
  ['<html', 'is a web page, not an ONNX model', 'Download the model itself, not the page that shows it.'], // prettier-ignore
]

function unreadable(file: string, bytes: Uint8Array, cause: unknown): AppError {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 64)).trimStart().toLowerCase()
  const [, is, hint] = placeholders.find(([beginning]) => start.startsWith(beginning)) ?? [
    '',
    'is not a readable ONNX model',
    'Export the classifier again as ONNX and check that the copy is complete.',
  ]
  return new AppError('invalid-model', `${file} ${is}.`, hint, { cause })
}

/** @returns null where there is no network. */
function readModelProto(reader: Reader, end: number, external: ExternalFiles): Model | null {
  let irVersion = 0
  let producer = ''
  const opsets = new Map<string, number>()
  const functions: FunctionBody[] = []
  let graph: GraphAsFiled | null = null
  const tensor: TensorReader = (inner, innerEnd) => readTensor(inner, innerEnd, external)
  eachField(reader, end, (number, wireType) => {
    const f = field.model
    if (number === f.irVersion && wireType === wireVarint) irVersion = integer(reader)
    else if (wireType !== wireLength) return false
    else if (number === f.producerName) producer = reader.string()
    else if (number === f.graph) graph = nested(reader, (r, e) => readGraph(r, e, tensor))
    else if (number === f.opsetImport) opsets.set(...nested(reader, readOpset))
    else if (number === f.functions)
      functions.push(nested(reader, (r, e) => readFunction(r, e, tensor)))
    else return false
    return true
  })
  const filed = graph as GraphAsFiled | null
  if (!filed || filed.calls.length === 0) return null
  const { calls, ...rest } = filed
  const taken = [...rest.initializers.keys(), ...rest.inputs.map((input) => input.name)]
  const nodes = inlineFunctions(calls, functions, opsets, taken)
  // Operators that only functions use: the model has their version from the functions.
  for (const body of functions) {
    for (const [domain, version] of body.opsets)
      if (!opsets.has(domain)) opsets.set(domain, version)
  }
  const checked = checkGraph({ ...rest, nodes })
  if (nodes.some(({ domain }) => domain === '')) checkOpset(opsets.get(''))
  return { irVersion, producer, opsets, graph: withoutSequences(checked, opsets.get('') ?? 1) }
}

/** The operator sets that ONNX Runtime runs. */
const oldestOpset = 7
const newestOpset = 26

function checkOpset(version: number | undefined): void {
  if (version !== undefined && version >= oldestOpset && version <= newestOpset) return
  throw new AppError(
    'invalid-model',
    version === undefined || version === 0
      ? 'The model does not say which operator set it is written in.'
      : `The model is written in operator set ${version}; sets ${oldestOpset} to ${newestOpset} can be read.`,
    'Export it again with operator set 17, for instance.',
  )
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
  return [standardDomain(domain), version]
}

interface GraphAsFiled extends Omit<Graph, 'nodes'> {
  readonly calls: readonly Call[]
}

function readGraph(reader: Reader, end: number, readsTensor: TensorReader): GraphAsFiled {
  let name = ''
  const calls: Call[] = []
  const initializers = new Map<string, Tensor>()
  const inputs: Value[] = []
  const outputs: Value[] = []
  eachField(reader, end, (number) => {
    const f = field.graph
    if (number === f.node) calls.push(nested(reader, (r, e) => readNode(r, e, readsTensor)))
    else if (number === f.name) name = reader.string()
    else if (number === f.initializer) {
      const tensor = nested(reader, readsTensor)
      if (initializers.has(tensor.name)) throw heldTwice(tensor.name)
      initializers.set(tensor.name, tensor)
    } else if (number === f.sparseInitializer) throw sparse(nested(reader, readSparseName))
    else if (number === f.input) inputs.push(nested(reader, readValue))
    else if (number === f.output) outputs.push(nested(reader, readValue))
    else return false
    return true
  })
  // Before IR version 4 every initializer is listed among the inputs as well.
  return {
    name,
    calls,
    initializers,
    inputs: inputs.filter((input) => !initializers.has(input.name)),
    outputs,
  }
}

function readFunction(reader: Reader, end: number, tensor: TensorReader): FunctionBody {
  let [name, domain, overload] = ['', '', '']
  const inputs: string[] = []
  const outputs: string[] = []
  const calls: Call[] = []
  const defaults = new Map<string, Attribute>()
  const opsets = new Map<string, number>()
  eachField(reader, end, (number) => {
    const f = field.function
    if (number === f.name) name = reader.string()
    else if (number === f.domain) domain = reader.string()
    else if (number === f.overload) overload = reader.string()
    else if (number === f.input) inputs.push(reader.string())
    else if (number === f.output) outputs.push(reader.string())
    else if (number === f.node) calls.push(nested(reader, (r, e) => readNode(r, e, tensor)))
    else if (number === f.opsetImport) opsets.set(...nested(reader, readOpset))
    else if (number === f.attributeDefault) {
      const attribute = nested(reader, (r, e) => readAttribute(r, e, tensor))
      defaults.set(attribute.name, attribute.value)
    } else return false
    return true
  })
  return { name: plainName(name), domain: standardDomain(plainName(domain)), overload, inputs, outputs, defaults, calls, opsets } // prettier-ignore
}

/** The name of a SparseTensorProto, which its values bear. */
function readSparseName(reader: Reader, end: number): string {
  let name = ''
  eachField(reader, end, (number) => {
    if (number !== field.sparseTensor.values) return false
    nested(reader, (inner, innerEnd) =>
      eachField(inner, innerEnd, (at) => {
        if (at !== field.tensor.name) return false
        name = inner.string()
        return true
      }),
    )
    return true
  })
  return name
}

function sparse(name: string): AppError {
  return new AppError(
    'invalid-model',
    `The model keeps the weights “${plainName(name)}” as a sparse tensor, which is not read.`,
    'Export the model with dense weights.',
  )
}

function heldTwice(name: string): AppError {
  return new AppError(
    'invalid-model',
    `The model holds the weights “${plainName(name)}” twice.`,
    'Check the model with the tool that exported it, and export it again.',
  )
}
