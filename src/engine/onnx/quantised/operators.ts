import { floatOf, int, intOf } from '../attributes'
import type { Node } from '../model'
import { notInRealNumbers } from './quantisation'
import { attributesOf, type Rewriting } from './rewriting'

/** Writes one quantised node in real numbers. @throws AppError naming the node where it cannot. */
export type Rewrite = (node: Node, to: Rewriting) => void

const at = (node: Node, number: number): string => node.inputs[number] ?? ''

/** x, its scale and zero point, from three inputs in a row. */
function operand(node: Node, first: number, to: Rewriting): string {
  const read = to.quantisation(node, at(node, first + 1), at(node, first + 2))
  return to.real(node, at(node, first), read)
}

const quantizeLinear: Rewrite = (node, to) => {
  const [x = '', scale = '', zeroPoint = ''] = node.inputs
  const quantisation = to.quantisation(node, scale, zeroPoint)
  const declared = zeroPoint === '' ? intOf(node, 'output_dtype', 0) : 0
  const dataType = declared === 0 ? quantisation.dataType : declared
  to.rounded(node, x, node.outputs[0] ?? '', { ...quantisation, dataType }, '')
}

/** Of an activation: nothing is left to do. Of constants it stays, and is computed once. */
const dequantizeLinear: Rewrite = (node, to) => {
  if (to.isFixed(at(node, 0))) to.keep(node)
  else to.emit(node, 'Identity', [operand(node, 0, to)], node.outputs[0] ?? '')
}

/** x, w, y with their scales; bias in steps of (scale of x) · (scale of w). */
const convolution: Rewrite = (node, to) => {
  const [x, xScale = '', , w = '', wScale = '', wZero = '', yScale = '', yZero = '', bias = ''] =
    node.inputs
  if (x === undefined) throw notInRealNumbers(node, 'it has no input')
  if (node.domain !== '') throw notInRealNumbers(node, 'it may have its channels last')
  const inputs = [operand(node, 0, to), to.weights(node, w, wScale, wZero, 0)]
  if (bias !== '') inputs.push(biasOf(node, to, bias, [xScale, wScale], 1))
  const output = to.quantisation(node, yScale, yZero)
  to.operation(node, 'Conv', inputs, output, node.attributes)
}

/** An int32 bias in steps of the product of the scales. */
function biasOf(
  node: Node,
  to: Rewriting,
  bias: string,
  scales: readonly string[],
  factor: number,
): string {
  const whole = to.numbers(node, bias, 'bias')
  const [one = [], other = []] = scales.map((scale) => to.numbers(node, scale, 'scale'))
  const step = (index: number): number =>
    (one[one.length === 1 ? 0 : index] ?? Number.NaN) *
    (other[other.length === 1 ? 0 : index] ?? Number.NaN)
  const columns = whole.length
  const values = Float32Array.from(whole, (value, index) => value * step(index) * factor)
  return to.constant(node, 'bias', [columns], values)
}

const matMul: Rewrite = (node, to) => {
  const output = to.quantisation(node, at(node, 6), at(node, 7))
  to.operation(node, 'MatMul', [operand(node, 0, to), second(node, to)], output)
}

/** The second factor: weights with a scale for each column, or another activation. */
function second(node: Node, to: Rewriting): string {
  const value = at(node, 3)
  if (!to.isFixed(value)) return operand(node, 3, to)
  return to.weights(node, value, at(node, 4), at(node, 5), -1)
}

/** com.microsoft.QGemm: A, B with their scales, C in steps of alpha · (scale of A) · (scale of B). */
const gemm: Rewrite = (node, to) => {
  const [, aScale = '', , b = '', bScale = '', bZero = '', bias = '', yScale = '', yZero = ''] =
    node.inputs
  const axis = intOf(node, 'transB', 0) === 1 ? 0 : 1
  const inputs = [operand(node, 0, to), to.weights(node, b, bScale, bZero, axis)]
  if (bias !== '') inputs.push(biasOf(node, to, bias, [aScale, bScale], floatOf(node, 'alpha', 1)))
  const attributes = attributesOf(node, ['alpha', 'transA', 'transB'])
  if (yScale === '') to.emit(node, 'Gemm', inputs, node.outputs[0] ?? '', attributes)
  else to.operation(node, 'Gemm', inputs, to.quantisation(node, yScale, yZero), attributes)
}

/** com.microsoft: two operands with their scales. */
const binary =
  (operator: string): Rewrite =>
  (node, to) =>
    to.operation(
      node,
      operator,
      [operand(node, 0, to), operand(node, 3, to)],
      to.quantisation(node, at(node, 6), at(node, 7)),
    )

/** com.microsoft: one operand with its scale; `names` are the attributes it shares with `operator`. */
const unary =
  (operator: string, names: readonly string[]): Rewrite =>
  (node, to) => {
    if (intOf(node, 'channels_last', 0) === 1)
      throw notInRealNumbers(node, 'it has its channels last')
    to.operation(
      node,
      operator,
      [operand(node, 0, to)],
      to.quantisation(node, at(node, 3), at(node, 4)),
      attributesOf(node, names),
    )
  }

const softmax: Rewrite = (node, to) => {
  const written = intOf(node, 'opset', 0)
  if (written !== 0 && written < 13 !== to.opset < 13)
    throw notInRealNumbers(node, `it is the Softmax of operator set ${written}`)
  unary('Softmax', ['axis'])(node, to)
}

/** com.microsoft: scale and zero point of the output, then three inputs for each operand. */
const concat: Rewrite = (node, to) => {
  const operands = []
  for (let first = 2; first < node.inputs.length; first += 3)
    operands.push(operand(node, first, to))
  const output = to.quantisation(node, at(node, 0), at(node, 1))
  to.operation(node, 'Concat', operands, output, new Map([['axis', int(intOf(node, 'axis', 1))]]))
}

const window = ['kernel_shape', 'strides', 'pads', 'auto_pad', 'ceil_mode', 'count_include_pad']

/** By `domain.operator`; the standard domain is empty. */
export const rewrites: ReadonlyMap<string, Rewrite> = new Map([
  ['.QuantizeLinear', quantizeLinear],
  ['.DequantizeLinear', dequantizeLinear],
  ['com.microsoft.QuantizeLinear', quantizeLinear],
  ['com.microsoft.DequantizeLinear', dequantizeLinear],
  ['.QLinearConv', convolution],
  ['com.microsoft.QLinearConv', convolution],
  ['.QLinearMatMul', matMul],
  ['com.microsoft.QGemm', gemm],
  ['com.microsoft.QLinearAdd', binary('Add')],
  ['com.microsoft.QLinearMul', binary('Mul')],
  ['com.microsoft.QLinearConcat', concat],
  ['com.microsoft.QLinearAveragePool', unary('AveragePool', window)],
  ['com.microsoft.QLinearGlobalAveragePool', unary('GlobalAveragePool', [])],
  ['com.microsoft.QLinearSigmoid', unary('Sigmoid', [])],
  ['com.microsoft.QLinearLeakyRelu', unary('LeakyRelu', ['alpha'])],
  ['com.microsoft.QLinearSoftmax', softmax],
])
