import { int, intOf, stringOf } from '../../../onnx/attributes'
import type { Node } from '../../../onnx/model'
import { total, type LedgerSum } from '../../ledgerSum'
import { sizeOf } from '../../network'
import { NodeRefusal } from '../../nodeRefusal'
import { relevanceOf } from '../../signal'
import { inputOf, outputOf, type BackwardContext, type Operator } from '../operator'
import { recordRoute } from './moved'

/** Whole numbers above this are not exact in float32. */
const mostUpdates = 2 ** 24

/**
 * Numbers put in the place of others: they get what is there, and what they took the place of gets nothing. Several
 * may be put in one place; what each place shows is found by numbering them and putting the numbers there.
 */
export const scatter: Operator = {
  names: ['ScatterND', 'ScatterElements', 'Scatter'],
  kind: 'route',
  detail: 'to what was put there',
  refuse: (node) =>
    stringOf(node, 'reduction', 'none') === 'none'
      ? null
      : 'it joins what it puts with what is there (reduction)',
  backward: (node, signal, context) => {
    const { builder, network, ledger, send } = context
    const [x, indices, updates] = [inputOf(node), inputOf(node, 1), inputOf(node, 2)]
    const output = outputOf(node)
    const shape = network.shape(output)
    const zero = builder.scalar(0)
    const axis = { axis: int(intOf(node, 'axis', 0)) }
    const nothing = builder.expand(zero, shape)
    const numbers = numbered(node, shapeOf(updates, context), context)
    const byPosition = node.operator === 'ScatterND'
    const shown = byPosition
      ? builder.op('ScatterND', [nothing, indices, numbers])
      : builder.op('ScatterElements', [nothing, indices, numbers], axis)
    const gathered = (t: string): string =>
      byPosition
        ? builder.op('GatherND', [t, indices])
        : builder.op('GatherElements', [t, indices], axis)
    const carried = signal.carrier === output
    const factor = carried ? signal.factor : relevanceOf(builder, signal)
    const isLeft = builder.op('Equal', [shown, zero])
    const isShown = builder.op('Equal', [gathered(shown), numbers])
    const parts = [
      { value: x, factor: builder.op('Where', [isLeft, factor, zero]) },
      { value: updates, factor: builder.op('Where', [isShown, gathered(factor), zero]) },
    ]
    const passed: LedgerSum[] = []
    const kept: LedgerSum[] = []
    for (const part of parts) {
      const sent = { factor: part.factor, carrier: carried ? part.value : null }
      const isConstant = network.constants.has(part.value)
      if (!isConstant) send(part.value, sent)
      if (ledger) (isConstant ? kept : passed).push(ledger.sum(sent, shapeOf(part.value, context)))
    }
    recordRoute(node, signal, passed, context, {
      unexplained: kept.length > 0 ? () => total(kept) : undefined,
    })
  },
}

/** 1, 2, 3, … in the shape of what is put. */
function numbered(node: Node, shape: readonly number[], { builder }: BackwardContext): string {
  const count = sizeOf(shape)
  if (count > mostUpdates) {
    throw new NodeRefusal(
      node,
      `puts ${count} numbers in their places, too many to tell which is where`,
      'Explain the network on a smaller input.',
    )
  }
  return builder.tensor(`numbered:${shape.join(',')}`, () => ({
    dims: shape,
    values: Float32Array.from({ length: count }, (_, at) => at + 1),
  }))
}

function shapeOf(value: string, { network }: BackwardContext): readonly number[] {
  return network.constants.get(value)?.dims ?? network.shape(value)
}
