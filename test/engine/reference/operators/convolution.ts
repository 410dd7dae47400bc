import { intOf, intsOf, stringOf } from '../../../../src/engine/onnx/attributes'
import type { Node } from '../../../../src/engine/onnx/model'
import { inputOf, optionalOf, type Operator, type Operators } from '../call'
import { ndArray, sizeOf } from '../ndArray'
import { tapsOf, windowsOf, type Windows } from '../windows'

/** y[n, o, p] = Σ_{i, k} w[o, i, k] x[n, i, p·stride + k·dilation − pad] + b[o] */
const convolution: Operator = (call) => {
  const [x, w, bias] = [inputOf(call), inputOf(call, 1), optionalOf(call, 2)]
  const [batch = 1, channels = 1, ...inputSize] = x.dims
  const [outputs = 1, perGroup = 1, ...kernel] = w.dims
  const groups = intOf(call.node, 'group', 1)
  if (channels !== perGroup * groups) throw new Error(`${call.node.name}: groups do not fit`)
  const windows = windowsOf(call.node, inputSize, kernel)
  const taps = tapsOf(windows)
  const [positions, pixels, size] = [taps.length, sizeOf(inputSize), sizeOf(kernel)]
  const data = new Float64Array(batch * outputs * positions)
  for (let n = 0; n < batch; n++) {
    for (let o = 0; o < outputs; o++) {
      const first = Math.floor(o / (outputs / groups)) * perGroup
      for (const [p, { inputs }] of taps.entries()) {
        let sum = bias?.data[o] ?? 0
        for (let i = 0; i < perGroup; i++) {
          const plane = (n * channels + first + i) * pixels
          for (let k = 0; k < size; k++) {
            const from = inputs[k] ?? -1
            if (from < 0) continue
            sum += (w.data[(o * perGroup + i) * size + k] ?? 0) * (x.data[plane + from] ?? 0)
          }
        }
        data[(n * outputs + o) * positions + p] = sum
      }
    }
  }
  return ndArray([batch, outputs, ...windows.outputSize], data)
}

/** The convolution from the output back to the input, whose adjoint this is. */
function mirrored(node: Node, inputSize: readonly number[], kernel: readonly number[]): Windows {
  const ones = kernel.map(() => 1)
  const strides = intsOf(node, 'strides') ?? ones
  const dilations = intsOf(node, 'dilations') ?? ones
  const extra = intsOf(node, 'output_padding') ?? kernel.map(() => 0)
  const wanted = intsOf(node, 'output_shape')?.slice(-kernel.length)
  const auto = stringOf(node, 'auto_pad', 'NOTSET')
  const stated = auto === 'NOTSET' ? intsOf(node, 'pads') : null
  const begin: number[] = []
  const end: number[] = []
  const outputSize: number[] = []
  for (const [axis, taps] of kernel.entries()) {
    const stride = strides[axis] ?? 1
    const size = inputSize[axis] ?? 1
    const reach = (taps - 1) * (dilations[axis] ?? 1) + 1
    const full = stride * (size - 1) + (extra[axis] ?? 0) + reach
    const isSame = auto === 'SAME_UPPER' || auto === 'SAME_LOWER'
    const length = wanted?.[axis] ?? (isSame ? size * stride : null)
    if (length === null) {
      begin.push(stated?.[axis] ?? 0)
      end.push(stated?.[axis + kernel.length] ?? 0)
      outputSize.push(full - (begin[axis] ?? 0) - (end[axis] ?? 0))
      continue
    }
    const total = Math.max(0, full - length)
    const less = Math.floor(total / 2)
    begin.push(auto === 'SAME_UPPER' ? less : total - less)
    end.push(auto === 'SAME_UPPER' ? total - less : less)
    outputSize.push(length)
  }
  return { inputSize: outputSize, kernel, strides, dilations, begin, end, outputSize: inputSize }
}

/** y[n, o, p·stride + k·dilation − pad] += w[i, o, k] x[n, i, p] */
const transposedConvolution: Operator = (call) => {
  const [x, w, bias] = [inputOf(call), inputOf(call, 1), optionalOf(call, 2)]
  const [batch = 1, channels = 1, ...inputSize] = x.dims
  const [, perGroup = 1, ...kernel] = w.dims
  const groups = intOf(call.node, 'group', 1)
  const outputs = perGroup * groups
  const windows = mirrored(call.node, inputSize, kernel)
  const taps = tapsOf(windows)
  const [positions, pixels, size] = [taps.length, sizeOf(windows.inputSize), sizeOf(kernel)]
  const data = new Float64Array(batch * outputs * pixels)
  for (let n = 0; n < batch; n++) {
    for (let o = 0; o < outputs; o++) {
      const plane = (n * outputs + o) * pixels
      data.fill(bias?.data[o] ?? 0, plane, plane + pixels)
      const inGroup = channels / groups
      const first = Math.floor(o / perGroup) * inGroup
      for (let i = first; i < first + inGroup; i++) {
        for (const [p, { inputs }] of taps.entries()) {
          const value = x.data[(n * channels + i) * positions + p] ?? 0
          for (let k = 0; k < size; k++) {
            const to = inputs[k] ?? -1
            if (to < 0) continue
            const weight = w.data[(i * perGroup + (o % perGroup)) * size + k] ?? 0
            data[plane + to] = (data[plane + to] ?? 0) + weight * value
          }
        }
      }
    }
  }
  return ndArray([batch, outputs, ...windows.inputSize], data)
}

export const convolutions: Operators = {
  Conv: convolution,
  ConvTranspose: transposedConvolution,
}
