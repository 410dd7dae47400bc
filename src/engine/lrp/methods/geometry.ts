/** Where the channels and pixels of one sample lie. */
export interface Geometry {
  readonly channels: number
  readonly height: number
  readonly width: number
  /** Offset of a channel's pixel, pixels counted row by row. */
  readonly at: (channel: number, pixel: number) => number
}

export type Layout = 'NCHW' | 'NHWC'

/**
 * The picture in a sample; null where it is none.
 * @param shape without the batch dimension: [C, H, W] or [H, W, C].
 */
export function geometryOf(shape: readonly number[], layout: Layout): Geometry | null {
  const [first, second, third] = shape
  if (first === undefined || second === undefined || third === undefined || shape.length !== 3)
    return null
  if (layout === 'NHWC')
    return {
      channels: third,
      height: first,
      width: second,
      at: (channel, pixel) => pixel * third + channel,
    }
  return {
    channels: first,
    height: second,
    width: third,
    at: (channel, pixel) => channel * second * third + pixel,
  }
}
