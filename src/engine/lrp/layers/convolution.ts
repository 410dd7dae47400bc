import { AppError } from '../../../shared/errors'
import { int, intOf, ints } from '../../onnx/attributes'
import { floatsOf } from '../../onnx/elements'
import type { Node } from '../../onnx/model'
import type { GraphBuilder } from '../builder'
import { boxAt } from '../inputBox'
import { sizeOf } from '../network'
import type { LayerContext } from '../operators/operator'
import { channelDotOf } from './channelDot'
import type { LinearLayer } from './linearLayer'
import { transposeConvolution, windowOf, type ConvolutionWindow } from './transposeConvolution'
import { one, transformedWeights } from './weights'

/**
 * ONNX Runtime refuses groups that do not fit when it runs them; what is built here comes before that.
 * @throws AppError `invalid-model`
 */
export function assertGroups(node: Node, fits: boolean): void {
  if (fits) return
  throw new AppError(
    'invalid-model',
    `The channels of node “${node.name}” (${node.operator}), its weights and its number of groups, ${intOf(node, 'group', 1)}, do not go together.`,
    'Check the model with the tool that exported it, and export it again.',
  )
}

/** Conv of any rank, stride, padding, dilation and group count. */
export function convolutionLayer(context: LayerContext, node: Node): LinearLayer {
  const { builder, network } = context
  const [x = '', weightName = '', biasName = ''] = node.inputs
  const z = node.outputs[0] ?? ''
  const weight = network.constants.get(weightName)
  if (!weight) throw new Error(`${node.name} has no constant weights`)
  const biasTensor = network.constants.get(biasName)
  const bias = biasTensor ? floatsOf(biasTensor) : null
  const inputShape = network.shape(x)
  const outputShape = network.shape(z)
  const window = windowOf(node, inputShape, outputShape)
  const values = floatsOf(weight)
  const [outputs = 0, perGroup = 0] = weight.dims
  assertGroups(node, inputShape[1] === perGroup * window.group && outputs % window.group === 0)

  const weights = transformedWeights(builder, weight)

  const convolve = (input: string, kernel: string, biasValues: Float32Array | null): string => {
    const inputs = [input, kernel]
    if (biasValues) inputs.push(vector(builder, biasValues))
    return builder.op('Conv', inputs, {
      kernel_shape: ints(window.kernel),
      strides: ints(window.strides),
      dilations: ints(window.dilations),
      pads: ints(window.pads),
      group: int(window.group),
    })
  }

  return {
    node,
    convolution: true,
    x,
    z,
    inputShape,
    bias,
    inputNonNegative: network.nonNegative.has(x),
    fanIn: sizeOf(weight.dims.slice(1)),
    outputChannels: weight.dims[0] ?? 1,
    apply: (input, transform, biasValues) => convolve(input, weights(transform), biasValues),
    transpose: (s, transform) =>
      transposeConvolution(
        builder,
        s,
        {
          name: weights(transform),
          dims: weight.dims,
          value: (at) => transform.of(values[at] ?? 0),
        },
        window,
      ),
    outputSums: (s) => channelSums(builder, s, window.group, context.relevanceShape(z)),
    spread: (sums) => spreadOver(builder, sums, window, context.relevanceShape(x)),
    connections: () => {
      const counts = connectionCounts(window)
      const channels = weight.dims[1] ?? 1
      return {
        dims: [1, 1, ...window.outputSize],
        counts: counts.map((count) => count * channels),
      }
    },
    inputBox: (box) => {
      const { low, high } = boxAt(network, x, 1, box, node)
      return {
        low: perInputChannel(builder, low, inputShape),
        high: perInputChannel(builder, high, inputShape),
      }
    },
    channelDot: (s, channelValues) => channelDotOf(builder, s, outputShape, 1, channelValues),
  }
}

export function perInputChannel(
  builder: GraphBuilder,
  values: readonly number[],
  inputShape: readonly number[],
): string {
  const [, channels = 1, ...positions] = inputShape
  const dims = [1, channels, ...positions.map(() => 1)]
  return builder.tensor(`channels:${values.join(',')}:${dims.join(',')}`, () => ({
    dims,
    values: Float32Array.from(
      { length: channels },
      (_, c) => values[values.length === 1 ? 0 : c] ?? Number.NaN,
    ),
  }))
}

export function vector(builder: GraphBuilder, values: Float32Array): string {
  return builder.tensor(`vector:${values.join(',')}`, () => ({ dims: [values.length], values }))
}

/**
 * Σ over the output channels of each group, [batch, groups, …positions]: as a convolution with a kernel of ones,
 * which takes channels in blocks, and is several times faster than a sum over the channels' axis.
 */
export function channelSums(
  builder: GraphBuilder,
  s: string,
  group: number,
  outputShape: readonly number[],
): string {
  const [, outputs = 1, ...positions] = outputShape
  const dims = [group, outputs / group, ...positions.map(() => 1)]
  const kernel = builder.tensor(`ones:${dims.join(',')}`, () => ({
    dims,
    values: new Float32Array(outputs).fill(1),
  }))
  return builder.op('Conv', [s, kernel], { group: int(group) })
}

/** One transposed convolution with a kernel of ones per group, repeated over the group's input channels. */
export function spreadOver(
  builder: GraphBuilder,
  sums: string,
  window: ConvolutionWindow,
  inputShape: readonly number[],
): string {
  const { group } = window
  const [batch = 1, channels = 1] = inputShape
  const dims = [group, 1, ...window.kernel]
  const kernel = builder.tensor(`ones:${dims.join(',')}`, () => ({
    dims,
    values: new Float32Array(dims.reduce((product, size) => product * size, 1)).fill(1),
  }))
  const spread = transposeConvolution(builder, sums, { name: kernel, dims, value: one.of }, window)
  const perGroup = [batch, group, 1, ...window.inputSize]
  const full = [batch, group, channels / group, ...window.inputSize]
  return builder.reshape(builder.expand(builder.reshape(spread, perGroup), full), inputShape)
}

/** How many taps of the kernel fall on real pixels, for each output position (row-major). */
export function connectionCounts(window: ConvolutionWindow): Float32Array {
  const perAxis = window.outputSize.map((size, axis) =>
    Array.from({ length: size }, (_, position) => {
      const start = position * (window.strides[axis] ?? 1) - (window.pads[axis] ?? 0)
      let count = 0
      for (let tap = 0; tap < (window.kernel[axis] ?? 1); tap++) {
        const at = start + tap * (window.dilations[axis] ?? 1)
        if (at >= 0 && at < (window.inputSize[axis] ?? 1)) count++
      }
      return count
    }),
  )
  return outerProduct(perAxis)
}

/** The products of one number per axis, for every position (row-major). */
export function outerProduct(perAxis: readonly (readonly number[])[]): Float32Array {
  return Float32Array.from(
    perAxis.reduce<readonly number[]>(
      (outer, inner) => outer.flatMap((a) => inner.map((b) => a * b)),
      [1],
    ),
  )
}
