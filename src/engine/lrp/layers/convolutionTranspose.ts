import { int, ints, intsOf } from '../../onnx/attributes'
import { floatsOf } from '../../onnx/elements'
import type { Node } from '../../onnx/model'
import { boxAt } from '../inputBox'
import { sizeOf } from '../network'
import type { LayerContext } from '../operators/operator'
import { channelDotOf } from './channelDot'
import { assertGroups, channelSums, outerProduct, perInputChannel, vector } from './convolution'
import type { LinearLayer } from './linearLayer'
import { windowOf, type ConvolutionWindow } from './transposeConvolution'
import { transformedWeights } from './weights'

/**
 * ConvTranspose of any rank, stride, padding, dilation and group count, with weights [in, out / groups, …]:
 * the adjoint of a convolution, so that its own adjoint is that convolution.
 */
export function transposeConvolutionLayer(context: LayerContext, node: Node): LinearLayer {
  const { builder, network, relevanceShape } = context
  const [x = '', weightName = '', biasName = ''] = node.inputs
  const z = node.outputs[0] ?? ''
  const weight = network.constants.get(weightName)
  if (!weight) throw new Error(`${node.name} has no constant weights`)
  const biasTensor = network.constants.get(biasName)
  const inputShape = network.shape(x)
  const outputShape = network.shape(z)
  const window = windowOf(node, inputShape, outputShape)
  const { group } = window
  assertGroups(node, inputShape[1] === weight.dims[0] && (inputShape[1] ?? 0) % group === 0)
  const weights = transformedWeights(builder, weight)
  const begin = window.pads.slice(0, window.kernel.length)
  const outputPadding = intsOf(node, 'output_padding') ?? window.kernel.map(() => 0)
  const geometry = {
    kernel_shape: ints(window.kernel),
    strides: ints(window.strides),
    dilations: ints(window.dilations),
    group: int(group),
  }
  /** Σ_j w_ij s_j: places that no input reaches are cut off first. */
  const convolve = (s: string, kernel: string): string =>
    builder.op('Conv', [reached(s), kernel], {
      ...geometry,
      pads: ints([...begin, ...endPads(window).map((pad) => Math.max(pad, 0))]),
    })
  const reached = (s: string): string => {
    const cut = endPads(window).map((pad) => Math.max(-pad, 0))
    if (cut.every((size) => size === 0)) return s
    const axes = cut.map((_, axis) => axis + 2)
    const ends = cut.map((size, axis) => (window.outputSize[axis] ?? 0) - size)
    return builder.slice(
      s,
      axes.map(() => 0),
      ends,
      axes,
    )
  }

  return {
    node,
    convolution: true,
    x,
    z,
    inputShape,
    bias: biasTensor ? floatsOf(biasTensor) : null,
    inputNonNegative: network.nonNegative.has(x),
    fanIn: sizeOf(weight.dims) / (weight.dims[1] ?? 1) / group,
    outputChannels: outputShape[1] ?? 1,
    apply: (input, transform, bias) =>
      builder.op(
        'ConvTranspose',
        [input, weights(transform), ...(bias ? [vector(builder, bias)] : [])],
        { ...geometry, pads: ints(window.pads), output_padding: ints(outputPadding) },
      ),
    transpose: (s, transform) => convolve(s, weights(transform)),
    outputSums: (s) => channelSums(builder, s, group, relevanceShape(z)),
    spread: (sums) => {
      const dims = [group, 1, ...window.kernel]
      const ones = builder.tensor(`ones:${dims.join(',')}`, () => ({
        dims,
        values: new Float32Array(dims.reduce((product, size) => product * size, 1)).fill(1),
      }))
      const [batch = 1, channels = 1] = relevanceShape(x)
      const spread = convolve(sums, ones)
      const perGroup = builder.reshape(spread, [batch, group, 1, ...window.inputSize])
      const full = [batch, group, channels / group, ...window.inputSize]
      return builder.reshape(builder.expand(perGroup, full), relevanceShape(x))
    },
    connections: () => {
      const perPlace = arrivals(window)
      const channels = (inputShape[1] ?? 1) / group
      return {
        dims: [1, 1, ...window.outputSize],
        counts: perPlace.map((count) => count * channels),
      }
    },
    inputBox: (box) => {
      const { low, high } = boxAt(network, x, 1, box, node)
      return {
        low: perInputChannel(builder, low, inputShape),
        high: perInputChannel(builder, high, inputShape),
      }
    },
    channelDot: (s, values) => channelDotOf(builder, s, outputShape, 1, values),
  }
}

/** The size of each axis before its pads were cut off: what the kernel reaches from the inputs. */
function reachedSize({ inputSize, strides, dilations, kernel }: ConvolutionWindow): number[] {
  return inputSize.map(
    (size, axis) =>
      (size - 1) * (strides[axis] ?? 1) + (dilations[axis] ?? 1) * ((kernel[axis] ?? 1) - 1) + 1,
  )
}

/** What the convolution back has to pad at the end; negative where the output goes on beyond all inputs. */
function endPads(window: ConvolutionWindow): number[] {
  return reachedSize(window).map(
    (size, axis) => size - (window.pads[axis] ?? 0) - (window.outputSize[axis] ?? 0),
  )
}

/** How many inputs arrive at each output position (row-major). */
function arrivals(window: ConvolutionWindow): Float32Array {
  const perAxis = window.outputSize.map((size, axis) => {
    const counts = Array<number>(size).fill(0)
    for (let from = 0; from < (window.inputSize[axis] ?? 1); from++) {
      for (let tap = 0; tap < (window.kernel[axis] ?? 1); tap++) {
        const at =
          from * (window.strides[axis] ?? 1) +
          tap * (window.dilations[axis] ?? 1) -
          (window.pads[axis] ?? 0)
        if (at >= 0 && at < size) counts[at] = (counts[at] ?? 0) + 1
      }
    }
    return counts
  })
  return outerProduct(perAxis)
}
