import { intOf } from '../../onnx/attributes'
import { floatsOf } from '../../onnx/elements'
import type { Node } from '../../onnx/model'
import { boxAt } from '../inputBox'
import type { LayerContext } from '../operators/operator'
import { channelDotOf } from './channelDot'
import type { LinearLayer } from './linearLayer'
import { transformedWeights } from './weights'

/** Gemm with constant weights and a 2-D activation. Forward and transposed share one initializer. */
export function denseLayer(context: LayerContext, node: Node): LinearLayer {
  const { builder, network, starts } = context
  const [x = '', weightName = '', biasName = ''] = node.inputs
  const z = node.outputs[0] ?? ''
  const weight = network.constants.get(weightName)
  if (!weight) throw new Error(`${node.name} has no constant weights`)
  const biasTensor = network.constants.get(biasName)
  const transB = intOf(node, 'transB', 0) === 1
  const inputShape = network.shape(x)
  const outputShape = network.shape(z)
  const inputs = inputShape[1] ?? 1
  const outputs = outputShape[1] ?? 1

  const weights = transformedWeights(builder, weight)

  return {
    node,
    convolution: false,
    x,
    z,
    inputShape,
    bias: biasTensor ? floatsOf(biasTensor) : null,
    inputNonNegative: network.nonNegative.has(x),
    outputChannels: outputs,
    apply: (input, transform, bias) =>
      builder.gemm(
        input,
        weights(transform),
        bias &&
          builder.tensor(`vector:${bias.join(',')}`, () => ({ dims: [outputs], values: bias })),
        transB,
      ),
    transpose: (s, transform) => builder.gemm(s, weights(transform), null, !transB),
    spread: (s) => builder.expand(builder.reduceSum(s, [1], true), context.relevanceShape(x)),
    connections: () => ({ dims: [1, 1], counts: Float32Array.of(inputs) }),
    inputBox: (box) => {
      // The features of a dense layer are no channels: the box must be the same for all.
      const { low, high } = boxAt(network, x, null, box, node)
      return {
        low: builder.scalar(low[0] ?? Number.NaN),
        high: builder.scalar(high[0] ?? Number.NaN),
      }
    },
    channelDot: (s, channelValues) => channelDotOf(builder, s, outputShape, channelValues, starts),
  }
}
