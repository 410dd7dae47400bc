/** A convolution's or a pooling's geometry; sizes without batch and channels. */
export interface Geometry {
  readonly input: readonly number[]
  readonly output: readonly number[]
  readonly kernel: readonly number[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  readonly pads: readonly number[]
}

/** How far the kernel reaches along an axis, its gaps included. */
export function reachOf(
  { kernel, dilations }: Pick<Geometry, 'kernel' | 'dilations'>,
  axis: number,
) {
  return (dilations[axis] ?? 1) * ((kernel[axis] ?? 1) - 1) + 1
}

/** How far the last window of each axis goes beyond the padding. */
export function overhang(geometry: Geometry): number[] {
  const { input, output, strides, pads } = geometry
  return input.map((size, axis) => {
    const reached = ((output[axis] ?? 1) - 1) * (strides[axis] ?? 1) + reachOf(geometry, axis)
    return Math.max(0, reached - (size + (pads[axis] ?? 0) + (pads[axis + input.length] ?? 0)))
  })
}
