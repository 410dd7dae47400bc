import { compile, type Compiled } from '../../../../src/engine/lrp/compile'
import { prepare } from '../../../../src/engine/lrp/prepare/prepare'
import { withBlockedLayout } from '../../../../src/engine/onnx/blocked/blockedLayout'
import { blockedDomain } from '../../../../src/engine/onnx/blocked/blockSize'
import type { Shapes } from '../../../../src/engine/onnx/blocked/shapes'
import type { Model } from '../../../../src/engine/onnx/model'
import { ownPrefix } from '../../../../src/engine/onnx/names'
import type { Feeds } from '../../../../src/engine/onnx/ortSession'
import { readModel } from '../../../../src/engine/onnx/read'
import { floatFeed, openSession } from '../../../../src/engine/onnx/runtime'
import type { MethodName, MissingRule } from '../../../../src/shared/explanation/method'
import { noise } from '../../lrp/support/smallNetwork'
import { sizeOf } from '../../reference/ndArray'
import type { SmallGraph } from './smallGraph'

/** What a run put out, by name. */
export type Outputs = ReadonlyMap<
  string,
  { readonly dims: readonly number[]; readonly values: readonly number[] }
>

/** Random numbers in −1 … 1 for each input. */
export function feedsFor({ graph }: Model): Feeds {
  return Object.fromEntries(
    graph.inputs.map(({ name, dims }, at) => {
      const shape = dims.map((size) => size ?? 1)
      return [name, floatFeed(noise(101 + at, sizeOf(shape)), shape)]
    }),
  )
}

/** Runs a graph as it is: without shapes nothing rewrites it. */
export async function runAsItIs(
  model: Model,
  feeds: Feeds,
  optimise: 'all' | 'disabled',
): Promise<Outputs> {
  const session = await openSession(model, optimise, { provider: 'cpu', threads: 1 })
  try {
    const results = await session.run(feeds)
    return new Map(
      Object.entries(results).map(([name, { dims, data }]) => [
        name,
        { dims, values: Array.from(data as ArrayLike<number | bigint | boolean>, Number) },
      ]),
    )
  } finally {
    await session.release()
  }
}

/** The shapes that ONNX Runtime gives the values of a graph. */
export async function shapesOf(graph: SmallGraph): Promise<Shapes> {
  const model = graph.model(graph.nodes.flatMap((node) => node.outputs))
  const values = await runAsItIs(model, feedsFor(model), 'disabled')
  return new Map([...values].map(([name, { dims }]) => [name, dims]))
}

/** How far numbers are from others, as a share of these others' length. */
export function relativeError(ours: readonly number[], theirs: readonly number[]): number {
  if (ours.length !== theirs.length) return Number.NaN
  let [off, size] = [0, 0]
  for (const [at, value] of theirs.entries()) {
    off += ((ours[at] ?? Number.NaN) - value) ** 2
    size += value ** 2
  }
  return off === 0 ? 0 : Math.sqrt(off / size)
}

/** What a graph became. */
export interface Rewritten {
  readonly model: Model
  /** Operators of the nodes before whose output is now made in blocks; of fused ones the last. */
  readonly inBlocks: readonly string[]
  /** ReorderInput and ReorderOutput: changes of the order. */
  readonly into: number
  readonly outOf: number
}

export function rewritten(before: Model, shapes: Shapes, block: number): Rewritten {
  const model = withBlockedLayout(before, shapes, block)
  const count = (operator: string): number =>
    model.graph.nodes.filter((node) => node.domain === blockedDomain && node.operator === operator)
      .length
  const made = new Set(
    model.graph.nodes
      .filter(({ operator }) => operator !== 'ReorderInput')
      .flatMap(({ outputs }) => outputs),
  )
  const inBlocks = before.graph.nodes.filter(({ outputs: [output = ''] }) =>
    made.has(`${ownPrefix}blocked:${output}`),
  )
  return {
    model,
    inBlocks: inBlocks.map(({ operator }) => operator),
    into: count('ReorderInput'),
    outOf: count('ReorderOutput'),
  }
}

/** The relevance graph of a classifier for two samples. */
export async function compiledFor(
  bytes: Uint8Array,
  method: MethodName,
  missing: MissingRule = 'refuse',
): Promise<Compiled> {
  const options = { method, parameters: {}, batch: 2 } as const
  const network = await prepare(readModel(bytes), options)
  return compile(network, { ...options, missing, ledger: true, at: null, starts: 1 })
}
