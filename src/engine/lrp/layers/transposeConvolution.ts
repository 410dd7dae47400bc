import { int, ints, intOf, intsOf } from '../../onnx/attributes'
import type { Node } from '../../onnx/model'
import type { GraphBuilder } from '../builder'

/** A convolution's or a pooling's geometry; sizes without batch and channels. */
export interface ConvolutionWindow {
  readonly kernel: readonly number[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  /** All begins, then all ends. */
  readonly pads: readonly number[]
  readonly group: number
  readonly inputSize: readonly number[]
  readonly outputSize: readonly number[]
}

/** Reads the geometry of a node that `upgrade` has made explicit. */
export function windowOf(
  node: Node,
  inputShape: readonly number[],
  outputShape: readonly number[],
): ConvolutionWindow {
  const inputSize = inputShape.slice(2)
  const ones = inputSize.map(() => 1)
  return {
    kernel: intsOf(node, 'kernel_shape') ?? ones,
    strides: intsOf(node, 'strides') ?? ones,
    dilations: intsOf(node, 'dilations') ?? ones,
    pads: intsOf(node, 'pads') ?? [...ones, ...ones].map(() => 0),
    group: intOf(node, 'group', 1),
    inputSize,
    outputSize: outputShape.slice(2),
  }
}

/** Whether a pooling node lets windows hang over the end. */
export function ceilMode(node: Node): boolean {
  return intOf(node, 'ceil_mode', 0) === 1
}

export interface Kernel {
  readonly name: string
  /** [outputs, inputs per group, …kernel] as of the forward convolution. */
  readonly dims: readonly number[]
  /** The element at a flat position. */
  readonly value: (at: number) => number
}

/**
 * The adjoint of a convolution: from the shape of its output to the shape of its input.
 * At stride 1 an ordinary Conv with flipped, swapped weights, about twice as fast as ConvTranspose
 * on ONNX Runtime's CPU provider, because it stays in the blocked layout.
 */
export function transposeConvolution(
  builder: GraphBuilder,
  s: string,
  kernel: Kernel,
  window: ConvolutionWindow,
): string {
  const rank = window.kernel.length
  const reach = window.kernel.map((size, axis) => (window.dilations[axis] ?? 1) * (size - 1))
  const mirrored = window.pads.map((pad, at) => (reach[at % rank] ?? 0) - pad)
  if (window.strides.every((stride) => stride === 1) && mirrored.every((pad) => pad >= 0)) {
    const back = builder.op('Conv', [s, flipped(builder, kernel, window.group)], {
      kernel_shape: ints(window.kernel),
      strides: ints(window.strides),
      dilations: ints(window.dilations),
      pads: ints(mirrored),
      group: int(window.group),
    })
    builder.adjoints.add(back)
    return back
  }
  const begin = window.pads.slice(0, rank)
  const end = window.pads.slice(rank)
  const outputPadding: number[] = []
  for (let axis = 0; axis < rank; axis++) {
    const natural =
      ((window.outputSize[axis] ?? 1) - 1) * (window.strides[axis] ?? 1) +
      (reach[axis] ?? 0) +
      1 -
      (begin[axis] ?? 0) -
      (end[axis] ?? 0)
    const missing = (window.inputSize[axis] ?? 1) - natural
    outputPadding.push(Math.max(0, missing))
    // Windows that hang over the end (ceil_mode) are cut off again.
    if (missing < 0) end[axis] = (end[axis] ?? 0) - missing
  }
  return builder.op('ConvTranspose', [s, kernel.name], {
    kernel_shape: ints(window.kernel),
    strides: ints(window.strides),
    dilations: ints(window.dilations),
    pads: ints([...begin, ...end]),
    output_padding: ints(outputPadding),
    group: int(window.group),
  })
}

/** [outputs, inputs/g, …k] → [inputs, outputs/g, …k reversed], group by group. */
function flipped(builder: GraphBuilder, kernel: Kernel, group: number): string {
  return builder.tensor(`${kernel.name}|flipped:${group}`, () => {
    const [outputs = 1, inputs = 1, ...size] = kernel.dims
    const taps = size.reduce((product, length) => product * length, 1)
    const perGroup = outputs / group
    const values = new Float32Array(outputs * inputs * taps)
    for (let o = 0; o < outputs; o++) {
      const g = Math.floor(o / perGroup)
      for (let i = 0; i < inputs; i++) {
        const from = (o * inputs + i) * taps
        const to = ((g * inputs + i) * perGroup + (o % perGroup)) * taps
        // Reversing the flat order reverses every axis.
        for (let tap = 0; tap < taps; tap++) {
          values[to + taps - 1 - tap] = kernel.value(from + tap)
        }
      }
    }
    return { dims: [inputs * group, perGroup, ...size], values }
  })
}
