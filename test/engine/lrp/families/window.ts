export type Pair = number | readonly [number, number]
export const pair = (size: Pair): readonly [number, number] =>
  typeof size === 'number' ? [size, size] : size

export interface ConvOptions {
  readonly out: number
  readonly kernel: Pair
  readonly stride?: number
  /** On both sides. */
  readonly pad?: Pair
  readonly groups?: number
  readonly dilation?: number
  readonly bias?: boolean
}

export interface PoolOptions {
  readonly kernel: Pair
  readonly stride: number
  readonly pad?: number
  readonly ceil?: boolean
  /** The padding counts in the mean. */
  readonly countPad?: boolean
}

type WindowOptions = Pick<ConvOptions, 'kernel' | 'stride' | 'pad' | 'dilation'> &
  Pick<PoolOptions, 'ceil'>

/** Sizes, strides and pads of a window, and the size that comes out. */
export interface Geometry {
  readonly kernel: readonly [number, number]
  readonly strides: readonly [number, number]
  readonly dilations: readonly [number, number]
  /** Top, left, bottom, right. */
  readonly pads: readonly [number, number, number, number]
  readonly size: readonly [number, number]
}

export function geometry(
  [, height = 1, width = 1]: readonly number[],
  { kernel, stride = 1, pad = 0, dilation = 1, ceil = false }: WindowOptions,
): Geometry {
  const [kh, kw] = pair(kernel)
  const [ph, pw] = pair(pad)
  const round = ceil ? Math.ceil : Math.floor
  const out = (size: number, k: number, p: number): number =>
    round((size + 2 * p - dilation * (k - 1) - 1) / stride) + 1
  return {
    kernel: [kh, kw],
    strides: [stride, stride],
    dilations: [dilation, dilation],
    pads: [ph, pw, ph, pw],
    size: [out(height, kh, ph), out(width, kw, pw)],
  }
}
