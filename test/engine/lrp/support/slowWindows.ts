/** The geometry of convolution and pooling, from the text of the ONNX specification; any rank. */
export interface WindowAttributes {
  readonly kernel: readonly number[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  /** All begins, then all ends; ignored where `auto` is set. */
  readonly pads: readonly number[]
  readonly auto: 'NOTSET' | 'VALID' | 'SAME_UPPER' | 'SAME_LOWER'
  readonly ceil: boolean
}

export interface Tap {
  /** Position inside the kernel, row-major. */
  readonly kernel: number
  /** Position inside the input, row-major; null on padding. */
  readonly input: number | null
}

export interface Windows {
  readonly size: readonly number[]
  /** For each output position, the taps on the input and on its padding, none on what hangs over beyond. */
  readonly taps: readonly (readonly Tap[])[]
}

export const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1)

/** Row-major coordinates of a flat position. */
export function coordinates(at: number, sizes: readonly number[]): number[] {
  let rest = at
  return sizes
    .toReversed()
    .map((size) => {
      const position = rest % size
      rest = Math.floor(rest / size)
      return position
    })
    .toReversed()
}

interface Axis {
  readonly size: number
  readonly begin: number
  readonly end: number
}

function alongAxis(input: number, axis: number, w: WindowAttributes): Axis {
  const stride = w.strides[axis] ?? 1
  const reach = (w.dilations[axis] ?? 1) * ((w.kernel[axis] ?? 1) - 1) + 1
  if (w.auto === 'VALID') return { size: Math.ceil((input - reach + 1) / stride), begin: 0, end: 0 }
  if (w.auto !== 'NOTSET') {
    const size = Math.ceil(input / stride)
    const total = Math.max(0, (size - 1) * stride + reach - input)
    const less = Math.floor(total / 2)
    return w.auto === 'SAME_UPPER'
      ? { size, begin: less, end: total - less }
      : { size, begin: total - less, end: less }
  }
  const begin = w.pads[axis] ?? 0
  const end = w.pads[axis + w.kernel.length] ?? 0
  const steps = (input + begin + end - reach) / stride
  if (!w.ceil) return { size: Math.floor(steps) + 1, begin, end }
  // Windows that would start in the padding behind the end are left out.
  const last = Math.ceil(steps)
  return { size: last * stride >= input + begin ? last : last + 1, begin, end }
}

export function windowsOf(input: readonly number[], w: WindowAttributes): Windows {
  const axes = input.map((size, axis) => alongAxis(size, axis, w))
  const size = axes.map((axis) => axis.size)
  const taps = Array.from({ length: product(size) }, (_, output) => {
    const origin = coordinates(output, size)
    const list: Tap[] = []
    for (let kernel = 0; kernel < product(w.kernel); kernel++) {
      const at = coordinates(kernel, w.kernel).map(
        (tap, axis) =>
          (origin[axis] ?? 0) * (w.strides[axis] ?? 1) -
          (axes[axis]?.begin ?? 0) +
          tap * (w.dilations[axis] ?? 1),
      )
      const inside = at.every((position, axis) => position >= 0 && position < (input[axis] ?? 0))
      const padded = at.every(
        (position, axis) => position < (input[axis] ?? 0) + (axes[axis]?.end ?? 0),
      )
      const flat = at.reduce((total, position, axis) => total * (input[axis] ?? 1) + position, 0)
      if (padded) list.push({ kernel, input: inside ? flat : null })
    }
    return list
  })
  return { size, taps }
}
