import { intOf, intsOf, stringOf } from '../../../src/engine/onnx/attributes'
import type { Node } from '../../../src/engine/onnx/model'
import { eachPosition, sizeOf, stridesOf } from './ndArray'

/** Where the windows of a convolution or a pooling lie; sizes without batch and channels. */
export interface Windows {
  readonly inputSize: readonly number[]
  readonly kernel: readonly number[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  readonly begin: readonly number[]
  readonly end: readonly number[]
  readonly outputSize: readonly number[]
}

export function windowsOf(
  node: Node,
  inputSize: readonly number[],
  kernel: readonly number[],
): Windows {
  const ones = kernel.map(() => 1)
  const strides = intsOf(node, 'strides') ?? ones
  const dilations = intsOf(node, 'dilations') ?? ones
  const auto = stringOf(node, 'auto_pad', 'NOTSET')
  const stated = intsOf(node, 'pads') ?? [...ones, ...ones].map(() => 0)
  const rank = kernel.length
  const begin: number[] = []
  const end: number[] = []
  const outputSize: number[] = []
  for (let axis = 0; axis < rank; axis++) {
    const size = inputSize[axis] ?? 1
    const stride = strides[axis] ?? 1
    const reach = (dilations[axis] ?? 1) * ((kernel[axis] ?? 1) - 1) + 1
    if (auto === 'SAME_UPPER' || auto === 'SAME_LOWER') {
      const count = Math.ceil(size / stride)
      const total = Math.max(0, (count - 1) * stride + reach - size)
      const less = Math.floor(total / 2)
      begin.push(auto === 'SAME_UPPER' ? less : total - less)
      end.push(auto === 'SAME_UPPER' ? total - less : less)
      outputSize.push(count)
      continue
    }
    const [before, behind] =
      auto === 'VALID' ? [0, 0] : [stated[axis] ?? 0, stated[axis + rank] ?? 0]
    begin.push(before)
    end.push(behind)
    const steps = (size + before + behind - reach) / stride
    const isCeil = intOf(node, 'ceil_mode', 0) === 1
    let count = (isCeil ? Math.ceil(steps) : Math.floor(steps)) + 1
    // A window that begins in the padding behind the input is left out.
    if (isCeil && (count - 1) * stride >= size + before) count--
    outputSize.push(count)
  }
  return { inputSize, kernel, strides, dilations, begin, end, outputSize }
}

/** Of one window: the input position under each tap (−1: padding), and the taps within input and padding. */
export interface Taps {
  readonly inputs: Int32Array
  readonly padded: number
}

/** The taps of every output position, both in row-major order. */
export function tapsOf(windows: Windows): Taps[] {
  const { inputSize, kernel, strides, dilations, begin, end, outputSize } = windows
  const inputStrides = stridesOf(inputSize)
  const all: Taps[] = []
  eachPosition(outputSize, (output) => {
    const inputs = new Int32Array(sizeOf(kernel))
    let padded = 0
    eachPosition(kernel, (tap, at) => {
      let index = 0
      let [isReal, isPadded] = [true, true]
      for (let axis = 0; axis < kernel.length; axis++) {
        const size = inputSize[axis] ?? 1
        const place =
          (output[axis] ?? 0) * (strides[axis] ?? 1) +
          (tap[axis] ?? 0) * (dilations[axis] ?? 1) -
          (begin[axis] ?? 0)
        isReal &&= place >= 0 && place < size
        isPadded &&= place < size + (end[axis] ?? 0)
        index += place * (inputStrides[axis] ?? 1)
      }
      inputs[at] = isReal ? index : -1
      if (isPadded) padded++
    })
    all.push({ inputs, padded })
  })
  return all
}
