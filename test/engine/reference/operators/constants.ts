import { inputOf, type Operator, type Operators } from '../call'
import { integers, ndArray, ndArrayOf, sizeOf } from '../ndArray'

const constant: Operator = ({ node }) => {
  const [[name, attribute] = []] = node.attributes
  switch (attribute?.kind) {
    case 'tensor':
      return ndArrayOf(attribute.value)
    case 'float':
      return ndArray([], Float64Array.of(attribute.value))
    case 'floats':
      return ndArray([attribute.value.length], Float64Array.from(attribute.value))
    case 'int':
      return ndArray([], Float64Array.of(attribute.value), 'integer')
    case 'ints':
      return integers(attribute.value)
    case 'string':
    case 'strings':
    case 'unread':
    case undefined:
      throw new Error(`${node.name} holds ${name ?? 'nothing'}`)
  }
}

const constantOfShape: Operator = (call) => {
  const dims = [...inputOf(call).data]
  const attribute = call.node.attributes.get('value')
  const value = attribute?.kind === 'tensor' ? ndArrayOf(attribute.value) : null
  const data = new Float64Array(sizeOf(dims)).fill(value?.data[0] ?? 0)
  return ndArray(dims, data, value?.kind ?? 'float')
}

const range: Operator = (call) => {
  const [start, limit, delta] = [0, 1, 2].map((at) => inputOf(call, at).data[0] ?? Number.NaN)
  if (start === undefined || limit === undefined || delta === undefined) throw new Error('inputs')
  const count = Math.max(0, Math.ceil((limit - start) / delta))
  const data = Float64Array.from({ length: count }, (_, at) => start + at * delta)
  return ndArray([count], data, inputOf(call).kind)
}

export const constants: Operators = {
  Constant: constant,
  ConstantOfShape: constantOfShape,
  Range: range,
}
