import { int, ints, intOf, string } from '../../onnx/attributes'
import type { Node } from '../../onnx/model'
import type { GraphBuilder } from '../builder'
import { sizeOf } from '../network'
import { inputOf, outputOf, type BackwardContext, type Operator } from './operator'
import { reducedAxes } from './reducedAxes'
import { routeBack } from './routes/moved'
import { toChosen, type Chosen } from './routes/where'
import { NodeRefusal } from '../nodeRefusal'

/** Whole numbers above this are not exact in float32. */
const mostRanks = 2 ** 24

/** The largest (or smallest) over some axes: the winner takes all, the first on a tie. */
const overAxes: Operator = {
  names: ['ReduceMax', 'ReduceMin', 'GlobalMaxPool'],
  kind: 'route',
  detail: 'winner takes all',
  refuse: (node, facts) =>
    node.inputs.slice(1).every((axes) => axes === '' || facts.isConstant(axes))
      ? null
      : 'its axes must be constant',
  backward: (node, signal, context) => {
    const { builder, network, relevanceShape } = context
    const shape = network.shape(inputOf(node))
    const axes = reducedAxes(node, network)
    const kept = (of: readonly number[]): readonly number[] =>
      of.map((size, axis) => (axes.includes(axis) ? 1 : size))
    const winner = winners(node, kept(shape), axes, context)
    const rows = kept(relevanceShape(inputOf(node)))
    routeBack(node, signal, context, (t) =>
      builder.op('Where', [winner, builder.reshape(t, rows), builder.scalar(0)]),
    )
  },
}

/** True at the first element that equals the result; ranks fall along the axes, and the highest wins. */
function winners(
  node: Node,
  kept: readonly number[],
  axes: readonly number[],
  { builder, network }: BackwardContext,
): string {
  const input = inputOf(node)
  const shape = network.shape(input)
  const count = sizeOf(axes.map((axis) => shape[axis] ?? 1))
  if (count > mostRanks) {
    throw new NodeRefusal(
      node,
      `chooses from ${count} numbers, too many to tell which was the first`,
      'Explain the network on a smaller input.',
    )
  }
  const best = builder.reshape(outputOf(node), kept)
  const equal = builder.toFloat(builder.op('Equal', [input, best]))
  const ranked = builder.mul(equal, ranks(builder, shape, axes))
  const highest = builder.op('ReduceMax', [ranked], { axes: ints(axes), keepdims: int(1) })
  // Ranks start at 1, so what does not equal the result never equals the highest.
  return builder.op('Equal', [ranked, highest])
}

/** From the number of elements down to 1, row-major over the axes; 1 long along the others. */
function ranks(builder: GraphBuilder, shape: readonly number[], axes: readonly number[]): string {
  const dims = shape.map((size, axis) => (axes.includes(axis) ? size : 1))
  return builder.tensor(`ranks over:${dims.join(',')}`, () => ({
    dims,
    values: Float32Array.from({ length: sizeOf(dims) }, (_, at) => sizeOf(dims) - at),
  }))
}

/** The largest (or smallest) of several values at each place; bounds of one number have become Clip. */
const ofSeveral: Operator = {
  names: ['Max', 'Min'],
  kind: 'route',
  detail: 'winner takes all (a bound passes)',
  backward: (node, signal, context) => {
    const { builder } = context
    const zero = builder.scalar(0)
    let taken: string | null = null
    const inputs: Chosen[] = []
    for (const value of node.inputs) {
      const equal = builder.op('Equal', [value, outputOf(node)])
      const wins: string =
        taken === null ? equal : builder.op('And', [equal, builder.op('Not', [taken])])
      taken = taken === null ? equal : builder.op('Or', [taken, equal])
      inputs.push({ value, masked: (t) => builder.op('Where', [wins, t, zero]) })
    }
    toChosen(node, signal, context, inputs)
  },
}

/** Each of the k largest goes back to where it was. */
const topK: Operator = {
  names: ['TopK'],
  kind: 'route',
  detail: 'back to its place',
  refuse: (node, facts) =>
    facts.isConstant(inputOf(node, 1)) || node.inputs.length === 1 ? null : 'k must be constant',
  backward: (node, signal, context, output) => {
    // Indices are whole numbers and get nothing.
    if (output !== 0) return
    const { builder, starts, relevanceShape } = context
    const indices = node.outputs[1] ?? ''
    const rows = starts === 1 ? indices : builder.expand(indices, relevanceShape(outputOf(node)))
    routeBack(node, signal, context, (t) =>
      builder.op(
        'ScatterElements',
        [builder.expand(builder.scalar(0), relevanceShape(inputOf(node))), rows, t],
        { axis: int(intOf(node, 'axis', -1)), reduction: string('add') },
      ),
    )
  },
}

export const winning: readonly Operator[] = [overAxes, ofSeveral, topK]
