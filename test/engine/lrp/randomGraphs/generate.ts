import { writeModel } from '../../../../src/engine/onnx/write'
import { Draft, laidOut, type Wire } from './draft'
import type { Entry, Grow } from './entry'
import { flatten, softmax } from './forms'
import { Random } from './random'
import { dense } from './table/dense'
import { kinds } from './table/table'

export interface RandomGraph {
  readonly bytes: Uint8Array
  readonly opset: number
  readonly sampleShape: readonly number[]
  /** The value before a final activation. */
  readonly logits: string
  readonly classCount: number
  readonly isOpen: boolean
  /** The rows of the table that it was made of. */
  readonly made: readonly string[]
}

export interface GenerateOptions {
  /** 0, 1, …: the same network written down in another way, perhaps in another operator set. */
  readonly spelling?: number
  /** Only rows that are homogeneous, a convolution first, so that nothing is preprocessing. */
  readonly homogeneous?: boolean
  /** Rows of the table that may be used. */
  readonly allows?: (entry: Entry) => boolean
}

/** The sets whose forms of operators differ, and those between. */
const opsets = [9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]

/** Rows after which nothing is added but the head; counted in rows, which do not depend on the spelling. */
const longest = 14

/** A small image classifier that a seed decides: a body of rows of the table, a head, 3 to 7 logits. */
export function generate(seed: number, options: GenerateOptions = {}): RandomGraph {
  const { spelling = 0, homogeneous = false, allows = () => true } = options
  const structure = new Random(seed)
  const both = [structure.pick(opsets), structure.pick(opsets)]
  const opset = both[spelling % 2] ?? 17
  const sampleShape = [3, structure.integer(8, 12), structure.integer(8, 12)]
  const draft = new Draft({
    structure,
    spelling: new Random(7919 * (spelling + 1) + seed),
    opset,
    opsets: { lowest: Math.min(...both), highest: Math.max(...both) },
    isOpen: structure.chance(0.8),
    sampleShape,
  })
  const made: string[] = []
  const isWritable = ({ since = 0, until = Infinity }: Entry): boolean =>
    since <= draft.opsets.lowest && until >= draft.opsets.highest
  const next = (x: Wire, suits: (entry: Entry) => boolean): Wire => {
    const fitting = kinds.flatMap(({ weight, entries }) => {
      const choices = entries.filter(
        (entry) =>
          allows(entry) &&
          (!homogeneous || entry.isHomogeneous === true) &&
          isWritable(entry) &&
          suits(entry) &&
          entry.layouts.includes(x.layout) &&
          (entry.fits?.(x, draft) ?? true),
      )
      return choices.length > 0 ? [{ weight, choices }] : []
    })
    if (fitting.length === 0) return x
    const { choices } = structure.weighted(fitting, ({ weight }) => weight)
    const entry = structure.weighted(choices, ({ weight = 1 }) => weight)
    made.push(entry.name)
    return tamed(draft, entry.write(draft, x, grow))
  }
  let depth = 0
  const grow: Grow = (x, count, { keepsShape = false } = {}) => {
    depth++
    let y = x
    for (let at = 0; at < count; at++) {
      // Branches within branches within branches would never end.
      y = next(y, (entry) => (!keepsShape || entry.keepsShape === true) && (depth < 2 || entry.role !== 'branch')) // prettier-ignore
    }
    depth--
    return y
  }
  const wanted = structure.integer(3, 9)
  let x = homogeneous
    ? next(draft.input, ({ operators }) => operators.includes('Conv'))
    : preprocessed(draft)
  for (let at = 0; at < wanted && made.length < longest; at++) x = next(x, () => true)
  x = toVector(draft, x, next)
  const classCount = structure.integer(3, 7)
  const logits = dense(draft, x, classCount)
  const final = structure.pick(['', '', '', 'Softmax', 'LogSoftmax', 'Sigmoid'])
  const output =
    final === ''
      ? logits
      : final === 'Sigmoid'
        ? draft.node('Sigmoid', [logits])
        : softmax(draft, final, logits)
  return {
    bytes: writeModel(draft.finish(output)),
    opset,
    sampleShape,
    logits: logits.name,
    classCount,
    isOpen: draft.batch > 1,
    made,
  }
}

/** Now and then the graph normalises the pixels by itself. */
function preprocessed(draft: Draft): Wire {
  const { structure, input } = draft
  if (!structure.chance(0.25)) return input
  const mean = draft.floats([1, 3, 1, 1], structure.normals(3, 0.2))
  const deviation = draft.floats([1, 3, 1, 1], Float32Array.from([0, 1, 2], () => structure.between(0.5, 1.5))) // prettier-ignore
  return draft.node('Div', [draft.node('Sub', [input, mean]), deviation])
}

/** Scaled down by a power of 2 where numbers have grown, so that none overflows. */
function tamed(draft: Draft, x: Wire): Wire {
  const { data } = draft.sample(x)
  const square = data.reduce((sum, value) => sum + value * value, 0) / data.length
  if (!Number.isFinite(square)) throw new Error('a number overflowed')
  const exponent = Math.round(Math.log2(Math.sqrt(square)))
  if (exponent < 3) return x
  return laidOut(draft.node('Div', [x, draft.scalar(2 ** exponent)]), x.layout)
}

function toVector(
  draft: Draft,
  x: Wire,
  next: (x: Wire, fits: (entry: Entry) => boolean) => Wire,
): Wire {
  const isHead = ({ role }: Entry): boolean => role === 'head'
  let vector = x
  for (let at = 0; at < 4 && vector.layout !== 'vector'; at++) vector = next(vector, isHead)
  return vector.layout === 'vector' ? vector : flatten(draft, vector)
}
