import { ints, intsOf } from '../../../onnx/attributes'
import { inputOf, outputOf } from '../../operators/operator'
import type { NodeWriter } from '../nodeWriter'
import { repeatedProduct } from '../recognise/regions'
import { constantFrom, type Expansion } from './expansion'

/**
 * The product of many numbers, as one thing for relevance, of which each factor gets the same share; made of
 * products of two for its gradient, so that nothing is divided by a factor that may be 0.
 */
export const product: Expansion = {
  names: ['ReduceProd'],
  kind: 'rule',
  detail: 'an equal share to each factor',
  refuse: constantFrom(1, 'its axes'),
  expand: (node, w) => {
    const x = inputOf(node)
    const shape = w.shape(outputOf(node))
    const sizes = w.shape(x)
    // `upgrade` has written the axes out.
    const axes = (intsOf(node, 'axes') ?? []).filter((axis) => (sizes[axis] ?? 1) > 1)
    if (axes.length === 0) return w.finish(w.reshape(x, shape))
    const whole = w.group(repeatedProduct, x, { axes: ints(axes) }, () =>
      w.reshape(
        axes.reduce((value, axis) => multiplied(w, value, axis), x),
        shape,
      ),
    )
    return w.finish(whole)
  },
}

/** All along one axis with each other: half of them with the other half, until one is left. */
function multiplied(w: NodeWriter, x: string, axis: number): string {
  const size = w.shape(x)[axis] ?? 1
  if (size === 1) return x
  const half = Math.floor(size / 2)
  const pairs = w.op('Mul', [w.slice(x, axis, [0, half]), w.slice(x, axis, [half, 2 * half])])
  const odd = size > 2 * half ? [w.slice(x, axis, [2 * half, size])] : []
  return multiplied(w, w.concat([pairs, ...odd], axis), axis)
}
