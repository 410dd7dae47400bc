import type { GraphBuilder } from '../builder'
import { transposeConvolution, type ConvolutionWindow } from '../layers/transposeConvolution'
import { sizeOf } from '../network'

/** Windows that lie side by side, without gap, overlap or padding. */
export function tilesExactly(window: ConvolutionWindow): boolean {
  return (
    window.pads.every((pad) => pad === 0) &&
    window.dilations.every((dilation) => dilation === 1) &&
    window.kernel.every(
      (size, axis) =>
        size === window.strides[axis] &&
        size * (window.outputSize[axis] ?? 0) === window.inputSize[axis],
    )
  )
}

/**
 * Σ_j s_j over the windows that element i is in: the adjoint of the sum over each window.
 * @param inputShape of relevance.
 */
export function spreadWindows(
  builder: GraphBuilder,
  s: string,
  window: ConvolutionWindow,
  inputShape: readonly number[],
): string {
  if (tilesExactly(window)) return builder.upsample(s, [1, 1, ...window.kernel])
  const [batch = 1, channels = 1] = inputShape
  // Every channel by itself: channels join the batch.
  const alone = builder.reshape(s, [batch * channels, 1, ...window.outputSize])
  const dims = [1, 1, ...window.kernel]
  const ones = builder.tensor(`ones:${dims.join(',')}`, () => ({
    dims,
    values: new Float32Array(sizeOf(dims)).fill(1),
  }))
  const kernel = { name: ones, dims, value: () => 1 }
  const spread = transposeConvolution(builder, alone, kernel, { ...window, group: 1 })
  return builder.reshape(spread, inputShape)
}
