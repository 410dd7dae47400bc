import { intOf } from '../../onnx/attributes'
import { floatsOf } from '../../onnx/elements'
import type { Node } from '../../onnx/model'
import { boxAt } from '../inputBox'
import { manyTimes } from '../network'
import { unbroadcast } from '../operators/broadcast'
import type { LayerContext } from '../operators/operator'
import { channelDotOf } from './channelDot'
import type { LinearLayer } from './linearLayer'
import { transformedWeights, type WeightTransform } from './weights'

type Products = Pick<LinearLayer, 'apply' | 'transpose' | 'outputSums' | 'spread'>

/**
 * Gemm with constant weights over the last axis of x, [..., in] → [..., out]; every other axis is a row of
 * its own. Weights of more than two dimensions differ from place to place, as in MatMul.
 */
export function denseLayer(context: LayerContext, node: Node): LinearLayer {
  const { builder, network } = context
  const [x = '', weightName = '', biasName = ''] = node.inputs
  const z = node.outputs[0] ?? ''
  const weight = network.constants.get(weightName)
  if (!weight) throw new Error(`${node.name} has no constant weights`)
  const biasTensor = network.constants.get(biasName)
  const inputShape = network.shape(x)
  const outputShape = network.shape(z)
  const inputs = inputShape.at(-1) ?? 1
  const outputs = outputShape.at(-1) ?? 1
  const weights = transformedWeights(builder, weight)
  const products =
    weight.dims.length === 2
      ? sharedWeights(context, node, weights)
      : ownWeights(context, node, weights)
  return {
    node,
    convolution: false,
    x,
    z,
    inputShape,
    bias: biasTensor ? floatsOf(biasTensor) : null,
    inputNonNegative: network.nonNegative.has(x),
    fanIn: inputs,
    outputChannels: outputs,
    ...products,
    connections: () => ({ dims: [1, 1], counts: Float32Array.of(inputs) }),
    inputBox: (box) => {
      // The features of a dense layer are no channels: the box must be the same for all.
      const { low, high } = boxAt(network, x, null, box, node)
      return {
        low: builder.scalar(low[0] ?? Number.NaN),
        high: builder.scalar(high[0] ?? Number.NaN),
      }
    },
    channelDot: (s, channelValues) => channelDotOf(builder, s, outputShape, -1, channelValues),
  }
}

/** Forward and transposed share one initializer: the rows of all axes are those of one matrix. */
function sharedWeights(
  { builder, network, relevanceShape }: LayerContext,
  node: Node,
  weights: (transform: WeightTransform) => string,
): Products {
  const [x = ''] = node.inputs
  const transB = intOf(node, 'transB', 0) === 1
  const inputShape = network.shape(x)
  const outputShape = network.shape(node.outputs[0] ?? '')
  const asRows = (value: string, shape: readonly number[]): string =>
    shape.length === 2 ? value : builder.reshape(value, [-1, shape.at(-1) ?? 1])
  const back = (rows: string, shape: readonly number[]): string =>
    shape.length === 2 ? rows : builder.reshape(rows, shape)
  return {
    apply: (input, transform, bias) => {
      const rows = asRows(input, inputShape)
      const summand =
        bias &&
        builder.tensor(`vector:${bias.join(',')}`, () => ({ dims: [bias.length], values: bias }))
      return back(builder.gemm(rows, weights(transform), summand, transB), outputShape)
    },
    transpose: (s, transform) => {
      const rows = asRows(s, outputShape)
      return back(builder.gemm(rows, weights(transform), null, !transB), relevanceShape(x))
    },
    outputSums: (s) => builder.reduceSum(s, [outputShape.length - 1], true),
    spread: (sums) => builder.expand(sums, relevanceShape(x)),
  }
}

/** W[..., in, out]: x may be repeated over the places that have weights of their own. */
function ownWeights(
  context: LayerContext,
  node: Node,
  weights: (transform: WeightTransform) => string,
): Products {
  const { builder, network, starts } = context
  const [x = ''] = node.inputs
  const inputShape = network.shape(x)
  const outputShape = network.shape(node.outputs[0] ?? '')
  const rank = network.constants.get(node.inputs[1] ?? '')?.dims.length ?? 0
  const order = Array.from({ length: rank }, (_, axis) => axis)
  const swapped = [...order.slice(0, -2), rank - 1, rank - 2]
  const widened = [...outputShape.slice(0, -1), inputShape.at(-1) ?? 1]
  const toInput = (tensor: string): string => unbroadcast(tensor, widened, inputShape, context)
  return {
    apply: (input, transform, bias) => {
      const plain = builder.op('MatMul', [input, weights(transform)])
      if (!bias) return plain
      const key = `vector:${bias.join(',')}`
      return builder.add(
        plain,
        builder.tensor(key, () => ({ dims: [bias.length], values: bias })),
      )
    },
    transpose: (s, transform) =>
      toInput(builder.op('MatMul', [s, builder.transpose(weights(transform), swapped)])),
    outputSums: (s) => builder.reduceSum(s, [outputShape.length - 1], true),
    spread: (sums) => toInput(builder.expand(sums, manyTimes(widened, starts))),
  }
}
