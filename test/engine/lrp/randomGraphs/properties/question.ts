import { sizeOf } from '../../../reference/ndArray'
import type { RandomGraph } from '../generate'
import { Random } from '../random'

/** What a graph is asked to explain. */
export interface Question {
  readonly input: Float32Array
  /** A second sample. */
  readonly other: Float32Array
  /** One class, one start. */
  readonly first: Float32Array
  readonly second: Float32Array
}

/** @param attempt another one for the same graph. */
export function questionFor(graph: RandomGraph, seed: number, attempt = 0): Question {
  const random = new Random(104729 * (seed + 1) + attempt)
  const [one, two] = random.shuffled(graph.classCount)
  const maskOf = (chosen: number | undefined): Float32Array =>
    Float32Array.from({ length: graph.classCount }, (_, at) => (at === chosen ? 1 : 0))
  const size = sizeOf(graph.sampleShape)
  return {
    input: random.normals(size),
    other: random.normals(size),
    first: maskOf(one),
    second: maskOf(two),
  }
}
