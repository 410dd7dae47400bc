import { floatOf, int, intsOf, stringOf } from '../../../onnx/attributes'
import { floatsOf } from '../../../onnx/elements'
import { DataType, type Node } from '../../../onnx/model'
import type { NetworkNode } from '../../network'
import { shownBy } from '../../operators/routes/shown'
import { NodeWriter } from '../nodeWriter'
import {
  integerConstant,
  listInput,
  numberInput,
  only,
  shapeOf,
  type Upgrade,
  type Upgrading,
} from './upgrading'
import { NodeRefusal } from '../../nodeRefusal'

/** Pad-2 states its pads as attributes, Pad-18 for some axes only; Pad-13 as inputs for all of them. */
export const padWithInputs: Upgrade = (node, to) => {
  const pads = allPads(node, to)
  const mode = stringOf(node, 'mode', 'constant')
  if (mode !== 'constant' && pads.some((size) => size < 0)) {
    throw new NodeRefusal(
      node,
      'cuts off and mirrors or repeats at once, for which there is no route',
      'Export it as a Slice and a Pad.',
    )
  }
  if (mode === 'wrap') return wrapped(node, pads, to)
  const [input = '', , valueInput = ''] = node.inputs
  const inputs = [input, listInput(node, 'pads', pads, to)]
  if (intsOf(node, 'pads')) {
    inputs.push(numberInput(node, 'value', Math.max(floatOf(node, 'value', 0), lowest), to))
  } else if (valueInput !== '') inputs.push(finite(node, valueInput, to))
  return [{ ...node, inputs, attributes: only(node, ['mode']) }]
}

/** Of float32. */
const lowest = -(2 - 2 ** -23) * 2 ** 127

/**
 * Max pooling is padded with −∞, which is never the largest, and its relevance 0 · −∞ is not a number. The lowest
 * of all numbers is neither, and gives the same.
 */
function finite(node: Node, value: string, to: Upgrading): string {
  const constant = to.draft.constants.get(value)
  if (constant?.dataType !== DataType.float) return value
  const [number = 0] = floatsOf(constant)
  return number === Number.NEGATIVE_INFINITY ? numberInput(node, 'value', lowest, to) : value
}

/** All begins, then all ends. */
function allPads(node: Node, to: Upgrading): number[] {
  const [input = '', padsInput = '', , axesInput = ''] = node.inputs
  const rank = shapeOf(input, to).length
  const some = intsOf(node, 'pads') ?? integerConstant(node, padsInput, to)
  const axes =
    axesInput === ''
      ? Array.from({ length: rank }, (_, axis) => axis)
      : integerConstant(node, axesInput, to)
  const pads = Array<number>(2 * rank).fill(0)
  for (const [at, axis] of axes.entries()) {
    pads[(axis + rank) % rank] = some[at] ?? 0
    pads[((axis + rank) % rank) + rank] = some[at + axes.length] ?? 0
  }
  return pads
}

/** Opset 17 cannot pad round about: a Gather along each axis reads the elements again. */
function wrapped(node: Node, pads: readonly number[], to: Upgrading): NetworkNode[] {
  const w = new NodeWriter(node, to.draft)
  const [input = ''] = node.inputs
  const shape = w.shape(input)
  let value = input
  for (const [axis, size] of shape.entries()) {
    const [before, behind] = [pads[axis] ?? 0, pads[axis + shape.length] ?? 0]
    if (before === 0 && behind === 0) continue
    const order = shownBy('wrap', size, before, behind)
    const dims = w.shape(value).with(axis, order.length)
    value = w.op('Gather', [value, w.integers(order)], { axis: int(axis) }, dims)
  }
  return w.finish(value)
}
