import { Reader } from 'protobufjs/minimal.js'
import { eachField, nested, wireLength } from './protobuf'
import { readEntry } from './readTensor'
import { field } from './wire'

/** The files beside a model that hold weights, by the location that its tensors state. */
export type ExternalFiles = ReadonlyMap<string, Uint8Array>

/**
 * A model as it lies on disk: one file, or one with the files beside it that hold its weights.
 * Nothing here opens them; who does decides which names may be followed.
 */
export type ModelSource =
  | Uint8Array
  | {
      /** Of the file, for what is said of it. */
      readonly name?: string
      readonly bytes: Uint8Array
      readonly external: ExternalFiles
    }

/** The fields to descend through from a model to its tensors. */
const tensorPaths: readonly (readonly number[])[] = [
  [field.model.graph, field.graph.initializer],
  [field.model.graph, field.graph.node, field.node.attribute, field.attribute.t],
  [field.model.functions, field.function.node, field.node.attribute, field.attribute.t],
]

/**
 * Where the model's tensors say that their data lies, with the SHA-1 that they state of that file, if
 * any. Skips everything else, so that a large model need not be read twice; of a file that is no model
 * it tells what stands before the fault.
 */
export function externalLocations(bytes: Uint8Array): Map<string, string | null> {
  const found = new Map<string, string | null>()
  try {
    for (const path of tensorPaths) {
      descend(Reader.create(bytes), bytes.length, path, (reader, end) => {
        const reference = externalReference(reader, end)
        const location = reference?.get('location')
        if (!reference || location === undefined) return
        found.set(location, found.get(location) ?? reference.get('checksum') ?? null)
      })
    }
  } catch {
    // Not a model, or cut off: reading it says so.
  }
  return found
}

function descend(
  reader: Reader,
  end: number,
  [first, ...rest]: readonly number[],
  visit: (reader: Reader, end: number) => void,
): void {
  if (first === undefined) {
    visit(reader, end)
    return
  }
  eachField(reader, end, (number, wireType) => {
    if (number !== first || wireType !== wireLength) return false
    nested(reader, (inner, innerEnd) => descend(inner, innerEnd, rest, visit))
    return true
  })
}

/** A tensor's external_data, null where it holds its data itself. */
function externalReference(reader: Reader, end: number): Map<string, string> | null {
  const entries = new Map<string, string>()
  let isExternal = false
  eachField(reader, end, (number, wireType) => {
    if (number === field.tensor.externalData && wireType === wireLength)
      entries.set(...nested(reader, readEntry))
    else if (number === field.tensor.dataLocation) isExternal = reader.int32() !== 0
    else return false
    return true
  })
  return isExternal ? entries : null
}
