import { int, intOf } from '../../../onnx/attributes'
import { integersOf, isInteger } from '../../../onnx/elements'
import { sizeOf } from '../../network'
import { NodeWriter } from '../nodeWriter'
import { listInput, only, shapeOf, type Upgrade } from './upgrading'

/** Every change of shape alone becomes a Reshape to the known shape. */
export const asReshape: Upgrade = (node, to) => {
  const shape = listInput(node, 'shape', shapeOf(node.outputs[0], to), to)
  return [
    { ...node, operator: 'Reshape', inputs: [node.inputs[0] ?? '', shape], attributes: new Map() },
  ]
}

/** What changes no number is another name of its input. */
export const asAlias: Upgrade = (node) => node.inputs[0] ?? ''

/** Cast says since operator set 19 how to treat numbers that are too large for float8. */
export const castWithType: Upgrade = (node) => [{ ...node, attributes: only(node, ['to']) }]

/** A power may have whole numbers as its exponents since operator set 12; its derivative computes with them. */
export const powerOfFloats: Upgrade = (node, { draft }) => {
  const [x = '', exponent = ''] = node.inputs
  const constant = draft.constants.get(exponent)
  if (!constant || !isInteger(constant.dataType)) return [node]
  const w = new NodeWriter(node, draft)
  const values = Float32Array.from(integersOf(constant))
  return [{ ...node, inputs: [x, w.floats('exponent', constant.dims, values)] }]
}

/**
 * Before operator set 13 a softmax takes all axes from the one stated on as one: a Reshape before it and one
 * behind. The first axis stays apart, as samples and starts do.
 */
export const softmaxOverOne: Upgrade = (node, to) => {
  if (to.opset >= 13) return [node]
  const [x = ''] = node.inputs
  const shape = shapeOf(x, to)
  const stated = intOf(node, 'axis', 1)
  const axis = stated < 0 ? stated + shape.length : stated
  const w = new NodeWriter(node, to.draft)
  const over = (value: string, last: number): string =>
    w.op(node.operator, [value], { axis: int(last) })
  if (sizeOf(shape.slice(axis + 1)) === 1)
    return w.finish(over(x, Math.min(axis, shape.length - 1)))
  const [first = 1] = shape
  const apart =
    axis === 0
      ? [1, sizeOf(shape)]
      : [first, sizeOf(shape.slice(1, axis)), sizeOf(shape.slice(axis))]
  const flat = over(w.reshape(x, apart), apart.length - 1)
  w.bearName()
  return w.finish(w.reshape(flat, shape))
}
