import { intsOf } from '../../onnx/attributes'
import { manyTimes, sizeOf } from '../network'
import { repeatedProduct } from '../prepare/recognise/regions'
import { relevanceOf } from '../signal'
import { throughMembers, type Differentiate } from './members'
import { inputOf, outputOf, type Operator } from './operator'

/**
 * y = x₁ · … · xₙ: each factor gets R / n, as each of two gets half. Where R is a multiple f · y of the product
 * that is xᵢ · (f ∂y/∂xᵢ) / n, for which nothing is divided.
 */
export function repeatedProductGroup(differentiate: Differentiate): Operator {
  return {
    names: [repeatedProduct],
    kind: 'rule',
    detail: 'an equal share to each factor',
    backward: (node, signal, context) => {
      const { builder, network, starts, relevanceShape, send } = context
      const [x, y] = [inputOf(node), outputOf(node)]
      const [shape, result] = [network.shape(x), network.shape(y)]
      const share = sizeOf(result) / sizeOf(shape)
      if (signal.carrier === y) {
        const factor = throughMembers(node, signal.factor, context, differentiate, new Set()).at(x)
        if (factor !== null) send(x, { factor: builder.scale(factor, share), carrier: x })
        return
      }
      const axes = intsOf(node, 'axes') ?? []
      const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
      const rows = builder.reshape(relevanceOf(builder, signal), manyTimes(kept, starts))
      const spread = builder.expand(builder.scale(rows, share), relevanceShape(x))
      send(x, { factor: spread, carrier: null })
    },
  }
}
