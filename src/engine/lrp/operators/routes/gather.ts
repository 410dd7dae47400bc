import { int, intOf, string } from '../../../onnx/attributes'
import { integersOf } from '../../../onnx/elements'
import type { Node } from '../../../onnx/model'
import type { GraphBuilder } from '../../builder'
import { manyTimes } from '../../network'
import { alongAxis } from '../alongAxis'
import { inputOf, outputOf, type BackwardContext, type Operator } from '../operator'
import { embed } from './embed'
import { routeBack } from './moved'

/** Above this many repetitions of an index one product with a matrix of ones and zeros is less work. */
const fewRepetitions = 4

const gather: Operator = {
  names: ['Gather'],
  kind: 'route',
  detail: 'back to its place',
  refuse: (node, facts) => {
    if (facts.isConstant(inputOf(node))) return 'its indices depend on the pixels'
    return facts.isConstant(inputOf(node, 1)) ? null : 'its indices must be constant'
  },
  backward: (node, signal, context) => {
    const { builder, network, starts } = context
    const shape = network.shape(inputOf(node))
    const axis = (intOf(node, 'axis', 0) + shape.length) % shape.length
    const size = shape[axis] ?? 1
    const indices = indicesOf(node, context).map((index) => (index + size) % size)
    // The indices' own axes as one.
    const read = manyTimes(shape.with(axis, indices.length), starts)
    routeBack(node, signal, context, (t) =>
      addedUp(builder, builder.reshape(t, read), read, { axis, size, indices }),
    )
  },
}

function indicesOf(node: Node, { network }: BackwardContext): number[] {
  const tensor = network.constants.get(inputOf(node, 1))
  if (!tensor) throw new Error(`${node.name} has no constant indices`)
  return integersOf(tensor)
}

interface Reading {
  readonly axis: number
  /** How many elements there are along the axis. */
  readonly size: number
  readonly indices: readonly number[]
}

/** Σ over the readers of each element along an axis. @param dims of t. */
function addedUp(
  builder: GraphBuilder,
  t: string,
  dims: readonly number[],
  { axis, size, indices }: Reading,
): string {
  const step = evenStep(indices)
  if (step !== null) {
    const first = indices[0] ?? 0
    return embed(builder, t, dims, [{ axis, first, step, count: indices.length, size }])
  }
  const readers = Array.from({ length: size }, (): number[] => [])
  for (const [at, index] of indices.entries()) readers[index]?.push(at)
  const most = Math.max(...readers.map(({ length }) => length))
  if (most > fewRepetitions) {
    const values = new Float32Array(size * indices.length)
    for (const [at, index] of indices.entries()) values[index * indices.length + at] = 1
    const map = { rows: size, columns: indices.length, values }
    return alongAxis(builder, t, dims, axis, `gather:${size}:${indices.join(',')}`, map)
  }
  // An element without a further reader reads the zero that is put behind.
  const isFull = readers.every(({ length }) => length === most)
  const none = dims.map(() => 0)
  const ended = isFull
    ? t
    : builder.op('Pad', [t, builder.integers([...none, ...none.with(axis, 1)])])
  return builder.sum(
    Array.from({ length: most }, (_, turn) => {
      const order = readers.map((of) => of[turn] ?? indices.length)
      return builder.op('Gather', [ended, builder.integers(order)], { axis: int(axis) })
    }),
  )
}

/** The step of indices that are evenly spaced; null where they are not, or one is read twice. */
function evenStep(indices: readonly number[]): number | null {
  const [first = 0, second = first + 1] = indices
  const step = second - first
  return step !== 0 && indices.every((index, at) => index === first + at * step) ? step : null
}

/** Indices of their own for every element; those of several starts are the same. */
const gatherElements: Operator = {
  names: ['GatherElements'],
  kind: 'route',
  detail: 'back to its place',
  refuse: (node, facts) =>
    facts.isConstant(inputOf(node)) ? 'its indices depend on the pixels' : null,
  backward: (node, signal, context) => {
    const { builder, starts, relevanceShape } = context
    const indices = inputOf(node, 1)
    const rows = starts === 1 ? indices : builder.expand(indices, relevanceShape(outputOf(node)))
    routeBack(node, signal, context, (t) =>
      builder.op('ScatterElements', [zeros(node, context), rows, t], {
        axis: int(intOf(node, 'axis', 0)),
        reduction: string('add'),
      }),
    )
  },
}

const gatherNd: Operator = {
  names: ['GatherND'],
  kind: 'route',
  detail: 'back to its place',
  refuse: (node, facts) => {
    if (facts.isConstant(inputOf(node))) return 'its indices depend on the pixels'
    return intOf(node, 'batch_dims', 0) === 0 ? null : 'it has indices for each sample (batch_dims)'
  },
  backward: (node, signal, context) => {
    const { builder } = context
    routeBack(node, signal, context, (t) =>
      builder.op('ScatterND', [zeros(node, context), inputOf(node, 1), t], {
        reduction: string('add'),
      }),
    )
  },
}

function zeros(node: Node, { builder, relevanceShape }: BackwardContext): string {
  return builder.expand(builder.scalar(0), relevanceShape(inputOf(node)))
}

export const gathering: readonly Operator[] = [gather, gatherElements, gatherNd]
