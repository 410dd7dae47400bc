import { int, intOf, intsOf } from '../../../onnx/attributes'
import { integerConstant, listInput, only, shapeOf, type Upgrade } from './upgrading'

/** Split-2 states its sizes as an attribute, Split-13 as an input, Split-18 perhaps only how many; or they are equal. */
export const splitWithSizes: Upgrade = (node, to) => {
  const [input = '', sizesInput = ''] = node.inputs
  const shape = shapeOf(input, to)
  const stated = intOf(node, 'axis', 0)
  const axis = stated < 0 ? stated + shape.length : stated
  const attribute = intsOf(node, 'split')
  const sizes =
    sizesInput === ''
      ? (attribute ?? evenSizes(shape[axis] ?? 1, intOf(node, 'num_outputs', node.outputs.length)))
      : integerConstant(node, sizesInput, to)
  return [
    {
      ...node,
      inputs: [input, listInput(node, 'split', sizes, to)],
      attributes: new Map([['axis', int(axis)]]),
    },
  ]
}

/** All alike, the last smaller where they do not divide. */
function evenSizes(size: number, count: number): number[] {
  const each = Math.ceil(size / count)
  return Array.from({ length: count }, (_, at) => Math.min(each, size - at * each))
}

/** Slice-1 states its bounds as attributes, Slice-10 as inputs. */
export const sliceWithInputs: Upgrade = (node, to) => {
  const [starts, ends] = [intsOf(node, 'starts'), intsOf(node, 'ends')]
  if (!starts || !ends) return [node]
  const axes = intsOf(node, 'axes') ?? starts.map((_, axis) => axis)
  const inputs = [
    node.inputs[0] ?? '',
    listInput(node, 'starts', starts, to),
    listInput(node, 'ends', ends, to),
    listInput(node, 'axes', axes, to),
  ]
  return [{ ...node, inputs, attributes: new Map() }]
}

/** TopK-1 states k as an attribute, TopK-10 as an input. */
export const topKWithInput: Upgrade = (node, to) => {
  const k = intOf(node, 'k', -1)
  if (k < 0) return [node]
  const attributes = only(node, ['axis'])
  return [{ ...node, inputs: [node.inputs[0] ?? '', listInput(node, 'k', [k], to)], attributes }]
}
