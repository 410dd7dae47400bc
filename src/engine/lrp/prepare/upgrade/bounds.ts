import { floatsOf } from '../../../onnx/elements'
import { DataType } from '../../../onnx/model'
import { sizeOf } from '../../network'
import { NodeWriter } from '../nodeWriter'
import { numberInput, shapeOf, type Upgrade, type Upgrading } from './upgrading'

/** Clip-6 states its bounds as attributes, Clip-11 as inputs. */
export const clipWithInputs: Upgrade = (node, to) => {
  if (node.attributes.size === 0) return [node]
  const bound = (name: 'min' | 'max'): string => {
    const attribute = node.attributes.get(name)
    return attribute?.kind === 'float' ? numberInput(node, name, attribute.value, to) : ''
  }
  return [
    {
      ...node,
      inputs: [node.inputs[0] ?? '', bound('min'), bound('max')],
      attributes: new Map(),
    },
  ]
}

/** The number that a constant of one element is; null for anything else. */
function numberOf(value: string, { draft }: Upgrading): number | null {
  const tensor = draft.constants.get(value)
  if (tensor?.dataType !== DataType.float || sizeOf(tensor.dims) !== 1) return null
  return floatsOf(tensor)[0] ?? null
}

/** The largest or smallest of one value and of numbers is a bound, an activation like any Clip; of 0 it is a ReLU. */
export const bounded: Upgrade = (node, to) => {
  const [only, ...more] = node.inputs
  if (only !== undefined && more.length === 0) return only
  const numbers = node.inputs.map((value) => numberOf(value, to))
  const values = node.inputs.filter((_, at) => numbers[at] === null)
  const [x = ''] = values
  const isWhole = shapeOf(x, to).length === shapeOf(node.outputs[0], to).length
  if (values.length !== 1 || to.draft.constants.has(x) || !isWhole) return [node]
  const stated = numbers.filter((number) => number !== null)
  if (node.operator === 'Max' && Math.max(...stated) === 0) {
    return [{ ...node, operator: 'Relu', inputs: [x], attributes: new Map() }]
  }
  const inputs =
    node.operator === 'Max'
      ? [x, numberInput(node, 'min', Math.max(...stated), to)]
      : [x, '', numberInput(node, 'max', Math.min(...stated), to)]
  return [{ ...node, operator: 'Clip', inputs, attributes: new Map() }]
}

/** One summand is the sum; the mean of several is their sum over their number. */
export const sumOrMean: Upgrade = (node, to) => {
  const [only, ...more] = node.inputs
  if (only !== undefined && more.length === 0) return only
  if (node.operator === 'Sum') return [node]
  const w = new NodeWriter(node, to.draft)
  const sum = w.op('Sum', node.inputs)
  w.bearName()
  return w.finish(w.op('Mul', [sum, w.scalar(1 / node.inputs.length)]))
}
