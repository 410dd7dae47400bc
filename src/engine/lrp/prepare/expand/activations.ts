import { floatOf, stringOf } from '../../../onnx/attributes'
import type { Node } from '../../../onnx/model'
import { inputOf } from '../../operators/operator'
import type { NodeWriter } from '../nodeWriter'
import { elementwiseFunction } from '../recognise/regions'
import { constantFrom, type Expansion } from './expansion'

/** An activation that opset 17 has no operator for, as a group of those that it has. */
function activation(
  names: readonly string[],
  write: (x: string, node: Node, writer: NodeWriter) => string,
  bias: 'with a bias' | 'without' = 'without',
): Expansion {
  return {
    names,
    kind: 'pass',
    detail: 'pass',
    ...(bias === 'with a bias' && { refuse: constantFrom(1, 'its bias') }),
    expand: (node, w) => {
      const summand = node.inputs[1] ?? ''
      const x = summand === '' ? inputOf(node) : w.op('Add', [inputOf(node), summand])
      return w.finish(w.group(elementwiseFunction, x, {}, () => write(x, node, w)))
    },
  }
}

/** x · (1 + erf(x/√2)) / 2 (Hendrycks and Gimpel 2016). */
function geluByErf(x: string, w: NodeWriter): string {
  const erf = w.op('Erf', [w.op('Div', [x, w.scalar(Math.SQRT2)])])
  const product = w.op('Mul', [x, w.op('Add', [erf, w.scalar(1)])])
  return w.op('Mul', [product, w.scalar(0.5)])
}

/** x · (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2 */
function geluByTanh(x: string, w: NodeWriter): string {
  const cube = w.op('Mul', [w.op('Pow', [x, w.scalar(3)]), w.scalar(0.044715)])
  const inner = w.op('Mul', [w.op('Add', [x, cube]), w.scalar(Math.sqrt(2 / Math.PI))])
  const product = w.op('Mul', [x, w.op('Add', [w.op('Tanh', [inner]), w.scalar(1)])])
  return w.op('Mul', [product, w.scalar(0.5)])
}

/** x · sigmoid(α x) */
function swish(x: string, alpha: number, w: NodeWriter): string {
  const scaled = alpha === 1 ? x : w.op('Mul', [x, w.scalar(alpha)])
  return w.op('Mul', [x, w.op('Sigmoid', [scaled])])
}

export const activations: readonly Expansion[] = [
  activation(['Gelu'], (x, node, w) =>
    stringOf(node, 'approximate', 'none') === 'tanh' ? geluByTanh(x, w) : geluByErf(x, w),
  ),
  activation(['com.microsoft.Gelu'], (x, _node, w) => geluByErf(x, w)),
  activation(['com.microsoft.BiasGelu'], (x, _node, w) => geluByErf(x, w), 'with a bias'),
  activation(['com.microsoft.FastGelu'], (x, _node, w) => geluByTanh(x, w), 'with a bias'),
  activation(['com.microsoft.QuickGelu'], (x, node, w) =>
    swish(x, floatOf(node, 'alpha', 1.702), w),
  ),
  activation(['Swish'], (x, node, w) => swish(x, floatOf(node, 'alpha', 1), w)),
  // x · tanh(ln(1 + eˣ)) (Misra 2019)
  activation(['Mish'], (x, _node, w) => w.op('Mul', [x, w.op('Tanh', [w.op('Softplus', [x])])])),
]
