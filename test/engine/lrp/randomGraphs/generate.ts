import { writeModel } from '../../../../src/engine/onnx/write'
import { Draft, type Wire } from './draft'
import type { Entry } from './entry'
import { softmax } from './forms'
import { Grower, isWritable } from './grower'
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
  /** The name of a row that it has in any case, where rows before it can be found that make it fit. */
  readonly featuring?: string
  /** Rows of the table that may be used; all when absent. */
  readonly allows?: (entry: Entry) => boolean
  /** How many channels a convolution has in place of 1 to 6; one then comes first. */
  readonly widen?: (channels: number) => number
}

/** The sets whose forms of operators differ, and those between. */
const opsets = [9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]

/** Rows after which nothing is added but the head; counted in rows, which do not depend on the spelling. */
const longest = 14

/** Every row of the table. */
export const rows: readonly Entry[] = kinds.flatMap(({ entries }) => entries)

/** A small image classifier that a seed decides: a body of rows of the table, a head, 3 to 7 logits. */
export function generate(seed: number, options: GenerateOptions = {}): RandomGraph {
  const { spelling = 0, homogeneous = false, featuring, allows = () => true, widen } = options
  const structure = new Random(seed)
  const featured = rows.find(({ name }) => name === featuring)
  const possible = opsets.filter(
    (opset) => !featured || isWritable(featured, { lowest: opset, highest: opset }),
  )
  const both = [structure.pick(possible), structure.pick(possible)]
  const opset = both[spelling % 2] ?? 17
  const sampleShape = [3, structure.integer(8, 12), structure.integer(8, 12)]
  const draft = new Draft({
    structure,
    spelling: new Random(7919 * (spelling + 1) + seed),
    opset,
    opsets: { lowest: Math.min(...both), highest: Math.max(...both) },
    isOpen: structure.chance(0.8),
    sampleShape,
    widen,
  })
  const grower = new Grower(draft, (entry) => allows(entry) && (!homogeneous || entry.isHomogeneous === true)) // prettier-ignore
  const isConvolution = ({ operators }: Entry): boolean => operators.includes('Conv')
  let x = homogeneous || widen ? grower.next(draft.input, isConvolution) : preprocessed(draft)
  if (featuring !== undefined) x = grower.feature(x, featuring)
  const wanted = structure.integer(featuring === undefined ? 3 : 1, featuring === undefined ? 9 : 6)
  for (let at = 0; at < wanted && grower.made.length < longest; at++) x = grower.next(x, () => true)
  x = grower.toVector(x)
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
    made: grower.made,
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
