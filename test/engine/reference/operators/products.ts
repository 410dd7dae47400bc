import { floatOf, intOf, stringOf } from '../../../../src/engine/onnx/attributes'
import { allOf, inputOf, optionalOf, type Operator, type Operators } from '../call'
import {
  broadcastDims,
  broadcastTo,
  eachPosition,
  ndArray,
  sizeOf,
  strided,
  stridesOf,
  zip,
  type NdArray,
} from '../ndArray'

function withDims(x: NdArray, dims: readonly number[]): NdArray {
  return ndArray(dims, x.data, x.kind)
}

/** As numpy.matmul: a vector counts as a row on the left and as a column on the right. */
export function matMul(a: NdArray, b: NdArray): NdArray {
  const left = a.dims.length === 1 ? withDims(a, [1, ...a.dims]) : a
  const right = b.dims.length === 1 ? withDims(b, [...b.dims, 1]) : b
  const [rows = 1, inner = 1] = left.dims.slice(-2)
  const [depth = 1, columns = 1] = right.dims.slice(-2)
  if (inner !== depth) throw new Error(`MatMul of ${a.dims.join('×')} and ${b.dims.join('×')}`)
  const lead = broadcastDims(left.dims.slice(0, -2), right.dims.slice(0, -2))
  const x = broadcastTo(left, [...lead, rows, inner]).data
  const y = broadcastTo(right, [...lead, inner, columns]).data
  const data = new Float64Array(sizeOf(lead) * rows * columns)
  for (let batch = 0; batch < sizeOf(lead); batch++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        let sum = 0
        for (let k = 0; k < inner; k++) {
          const at = (batch * rows + row) * inner + k
          sum += (x[at] ?? Number.NaN) * (y[(batch * inner + k) * columns + column] ?? Number.NaN)
        }
        data[(batch * rows + row) * columns + column] = sum
      }
    }
  }
  const dims = [
    ...lead,
    ...(a.dims.length === 1 ? [] : [rows]),
    ...(b.dims.length === 1 ? [] : [columns]),
  ]
  return ndArray(dims, data)
}

function transposed(x: NdArray): NdArray {
  const [rows = 1, columns = 1] = x.dims
  return strided(x, [columns, rows], [1, columns])
}

/** α·A'·B' + β·C */
const gemm: Operator = (call) => {
  const { node } = call
  const a = intOf(node, 'transA', 0) === 1 ? transposed(inputOf(call)) : inputOf(call)
  const b = intOf(node, 'transB', 0) === 1 ? transposed(inputOf(call, 1)) : inputOf(call, 1)
  const alpha = floatOf(node, 'alpha', 1)
  const beta = floatOf(node, 'beta', 1)
  const product = matMul(a, b)
  const summand = optionalOf(call, 2)
  const scaled = withDims({ ...product, data: product.data.map((x) => alpha * x) }, product.dims)
  return summand ? zip(scaled, summand, (x, c) => x + beta * c) : scaled
}

/** Letters as axes, explicit or implicit ("ij,jk" → the letters that occur once, in order); no ellipsis. */
const einsum: Operator = (call) => {
  const equation = stringOf(call.node, 'equation', '').replaceAll(' ', '')
  if (equation.includes('.')) throw new Error(`an ellipsis in ${equation}`)
  const [left = '', right] = equation.split('->')
  const terms = left.split(',')
  const operands = allOf(call)
  const once = [...new Set(left.replaceAll(',', ''))]
    .filter((letter) => left.split(letter).length === 2)
    .toSorted()
  const result = right === undefined ? once : [...right]
  const size = new Map<string, number>()
  for (const [at, term] of terms.entries())
    for (const [axis, letter] of [...term].entries())
      size.set(letter, operands[at]?.dims[axis] ?? 1)
  const letters = [...result, ...[...size.keys()].filter((letter) => !result.includes(letter))]
  const stepsOf = (term: readonly string[], dims: readonly number[]): number[] => {
    const strides = stridesOf(dims)
    return letters.map((letter) =>
      term.reduce((sum, other, axis) => sum + (other === letter ? (strides[axis] ?? 0) : 0), 0),
    )
  }
  const dims = result.map((letter) => size.get(letter) ?? 1)
  const data = new Float64Array(sizeOf(dims))
  const steps = operands.map((operand, at) => stepsOf([...(terms[at] ?? '')], operand.dims))
  const into = stepsOf(result, dims)
  const dot = (position: readonly number[], of: readonly number[]): number =>
    position.reduce((sum, at, axis) => sum + at * (of[axis] ?? 0), 0)
  eachPosition(
    letters.map((letter) => size.get(letter) ?? 1),
    (position) => {
      let product = 1
      for (const [at, operand] of operands.entries())
        product *= operand.data[dot(position, steps[at] ?? [])] ?? Number.NaN
      const to = dot(position, into)
      data[to] = (data[to] ?? 0) + product
    },
  )
  return ndArray(dims, data)
}

export const products: Operators = {
  MatMul: (call) => matMul(inputOf(call), inputOf(call, 1)),
  Gemm: gemm,
  Einsum: einsum,
}
