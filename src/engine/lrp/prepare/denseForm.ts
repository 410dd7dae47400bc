import { floatOf, int, intOf } from '../../onnx/attributes'
import { floatsOf } from '../../onnx/elements'
import { DataType, type Node, type Tensor } from '../../onnx/model'
import { sizeOf, type NetworkNode } from '../network'
import { NodeWriter, type Draft } from './nodeWriter'

/**
 * Every matrix product with constant weights as one operator, which ONNX does not know by that name:
 * Gemm(x, W, b) over the last axis of x, of any rank, with alpha = beta = 1 and W of [in, out], [out, in]
 * (transB), or [..., in, out] where each place
 * has weights of its own. Constant weights on the left, vectors
 * and transposed activations are brought there by Transpose and Reshape. What is left as MatMul is a product
 * of two activations.
 */
export function denseForm(node: NetworkNode, draft: Draft): NetworkNode[] {
  if (node.operator === 'MatMul') return matMulForm(node, draft)
  return node.operator === 'Gemm' ? gemmForm(node, draft) : [node]
}

function matMulForm(node: Node, draft: Draft): NetworkNode[] {
  const [a = '', b = ''] = node.inputs
  const w = new NodeWriter(node, draft)
  const [rankA, rankB] = [w.shape(a).length, w.shape(b).length]
  if (!w.constantOf(a) && !w.constantOf(b) && rankA > 1 && rankB > 1) return [node]
  // A vector on the left is a row, one on the right a column; neither shows in the result.
  const left = rankA === 1 ? w.reshape(a, [1, ...w.shape(a)]) : a
  const right = rankB === 1 ? w.reshape(b, [...w.shape(b), 1]) : b
  return w.finish(w.reshape(product(w, left, right), w.shape(node.outputs[0] ?? '')))
}

/** α A·B + β C. */
function gemmForm(node: Node, draft: Draft): NetworkNode[] {
  const w = new NodeWriter(node, draft)
  const [a = '', b = '', c = ''] = node.inputs
  const [alpha, beta] = [floatOf(node, 'alpha', 1), floatOf(node, 'beta', 1)]
  const transA = intOf(node, 'transA', 0) === 1
  const weight = w.constantOf(b)
  const summand = beta === 0 ? '' : c
  const width = w.shape(node.outputs[0] ?? '').at(-1) ?? 1
  const bias = summand === '' ? null : biasVector(w.constantOf(summand), beta, width)
  if (isFloat(weight) && !w.constantOf(a) && (summand === '' || bias)) {
    const x = transA ? w.swapped(a) : a
    const inputs = [x, scaled(w, b, alpha), ...(bias ? [w.floats('bias', [width], bias)] : [])]
    const transB = int(intOf(node, 'transB', 0))
    return w.finish(w.op('Gemm', inputs, { transB }, [...w.shape(x).slice(0, -1), width]))
  }
  const left = scaled(w, transA ? w.swapped(a) : a, alpha)
  const right = intOf(node, 'transB', 0) === 1 ? w.swapped(b) : b
  const sum = product(w, left, right)
  return w.finish(summand === '' ? sum : w.op('Add', [sum, scaled(w, summand, beta)]))
}

/** A·B of two or more dimensions each: a dense layer where one is constant. */
function product(w: NodeWriter, a: string, b: string): string {
  if (isFloat(w.constantOf(b))) return dense(w, a, b)
  if (isFloat(w.constantOf(a))) return w.swapped(dense(w, w.swapped(b), w.swapped(a)))
  return w.matMul(a, b)
}

/** @param weight [..., in, out]. */
function dense(w: NodeWriter, x: string, weight: string): string {
  const dims = w.shape(weight)
  const shared = sizeOf(dims.slice(0, -2)) === 1
  const own = shared ? w.reshape(weight, dims.slice(-2)) : weight
  const output = shared
    ? [...w.shape(x).slice(0, -1), dims.at(-1) ?? 1]
    : w.shapeOfProduct(x, weight)
  const value = w.op('Gemm', [x, own], { transB: int(0) }, output)
  w.bearName()
  return value
}

function isFloat(tensor: Tensor | null): tensor is Tensor {
  return tensor?.dataType === DataType.float
}

/** One number per output; null for what is no constant, or differs from sample to sample. */
function biasVector(constant: Tensor | null, beta: number, width: number): Float32Array | null {
  if (!isFloat(constant)) return null
  const values = floatsOf(constant)
  if (values.length !== 1 && (values.length !== width || constant.dims.at(-1) !== width))
    return null
  return Float32Array.from(
    { length: width },
    (_, at) => beta * (values[values.length === 1 ? 0 : at] ?? 0),
  )
}

function scaled(w: NodeWriter, value: string, factor: number): string {
  if (factor === 1) return value
  const constant = w.constantOf(value)
  if (!constant) return w.op('Mul', [value, w.scalar(factor)])
  return w.floats(
    `${value} times ${factor}`,
    constant.dims,
    floatsOf(constant).map((number) => number * factor),
  )
}

/**
 * ONNX's own operators for the dense layers that ONNX has no operator for: rows of any number of axes, or
 * weights that differ from place to place.
 */
export function withDenseMembers(node: NetworkNode, draft: Draft): NetworkNode {
  if (node.operator !== 'Gemm') return node
  const [x = '', weight = '', bias = ''] = node.inputs
  const w = new NodeWriter(node, draft)
  const shape = w.shape(x)
  const outputs = w.shape(node.outputs[0] ?? '')
  if (w.shape(weight).length > 2) {
    const plain = w.matMul(x, weight)
    const sum = bias === '' ? plain : w.op('Add', [plain, bias])
    return { ...node, members: w.finish(sum) }
  }
  if (shape.length === 2) return node
  const rows = sizeOf(shape.slice(0, -1))
  const flat = w.reshape(x, [rows, shape.at(-1) ?? 1])
  const transB = intOf(node, 'transB', 0)
  const inputs = [flat, ...node.inputs.slice(1)]
  const plain = w.op('Gemm', inputs, { transB: int(transB) }, [rows, outputs.at(-1) ?? 1])
  return { ...node, members: w.finish(w.reshape(plain, outputs)) }
}
