import { int, intOf, ints, intsOf } from '../../../onnx/attributes'
import type { Node } from '../../../onnx/model'
import type { NetworkNode } from '../../network'
import { NodeWriter } from '../nodeWriter'
import {
  integerConstant,
  listInput,
  only,
  shapeOf,
  type Upgrade,
  type Upgrading,
} from './upgrading'

/**
 * Axes are an input since operator set 18 (of ReduceSum since 13) and an attribute before; without any a
 * reduction takes all, or every number by itself.
 */
export const reduced: Upgrade = (node, to) => {
  const [input = '', axesInput = ''] = node.inputs
  const given = axesInput === '' ? intsOf(node, 'axes') : integerConstant(node, axesInput, to)
  const none = given === null || given.length === 0
  if (none && intOf(node, 'noop_with_empty_axes', 0) === 1) return oneByOne(node, to)
  const shape = shapeOf(input, to)
  const axes = none
    ? shape.map((_, axis) => axis)
    : given.map((axis) => (axis < 0 ? axis + shape.length : axis)).toSorted((a, b) => a - b)
  const attributes = only(node, ['keepdims'])
  if (node.operator === 'ReduceSum') {
    return [{ ...node, inputs: [input, listInput(node, 'axes', axes, to)], attributes }]
  }
  attributes.set('axes', ints(axes))
  return [{ ...node, inputs: [input], attributes }]
}

/** Every number reduced by itself, as ONNX Runtime reads a reduction without axes: along an axis of one. */
function oneByOne(node: Node, to: Upgrading): readonly NetworkNode[] {
  const w = new NodeWriter(node, to.draft)
  const [input = ''] = node.inputs
  const shape = w.shape(input)
  const apart = w.reshape(input, [...shape, 1])
  const axis = shape.length
  const result =
    node.operator === 'ReduceSum'
      ? w.op(node.operator, [apart, w.integers([axis])], { keepdims: int(0) }, shape)
      : w.op(node.operator, [apart], { axes: ints([axis]), keepdims: int(0) }, shape)
  return w.finish(result)
}
