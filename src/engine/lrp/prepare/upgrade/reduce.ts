import { AppError } from '../../../../shared/errors'
import { intOf, ints, intsOf } from '../../../onnx/attributes'
import { asReshape } from './shapes'
import { integerConstant, listInput, only, shapeOf, type Upgrade } from './upgrading'

/** Of one element these are the element itself. */
const idempotent = new Set(['ReduceMean', 'ReduceSum', 'ReduceMax', 'ReduceMin', 'ReduceProd'])

/**
 * Axes are an input since operator set 18 (of ReduceSum since 13) and an attribute before; without any a
 * reduction takes all, or none at all.
 */
export const reduced: Upgrade = (node, to) => {
  const [input = '', axesInput = ''] = node.inputs
  const given = axesInput === '' ? intsOf(node, 'axes') : integerConstant(node, axesInput, to)
  const none = given === null || given.length === 0
  if (none && intOf(node, 'noop_with_empty_axes', 0) === 1) {
    if (idempotent.has(node.operator)) return asReshape(node, to)
    throw new AppError(
      'unsupported-operator',
      `Node “${node.name}” (${node.operator}) has no axes to reduce, which not all runtimes read alike.`,
      'Export it with its axes, or without it.',
    )
  }
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
