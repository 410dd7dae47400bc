import type { CardInput } from '../../shared/card'
import { AppError } from '../../shared/errors'
import type { Raster } from '../images/raster'

/** Bytes of one pixel in the card's channel order; 601 luma as Pillow's mode L for GRAY. */
const pickers: Record<CardInput['channels'], (rgb: Uint8Array, from: number) => number[]> = {
  RGB: (rgb, from) => [rgb[from] ?? 0, rgb[from + 1] ?? 0, rgb[from + 2] ?? 0],
  BGR: (rgb, from) => [rgb[from + 2] ?? 0, rgb[from + 1] ?? 0, rgb[from] ?? 0],
  GRAY: (rgb, from) => [luma(rgb[from] ?? 0, rgb[from + 1] ?? 0, rgb[from + 2] ?? 0)],
}

/** ITU-R 601 in 16-bit fixed point: (19595 R + 38470 G + 7471 B) / 65536, rounded. */
function luma(red: number, green: number, blue: number): number {
  return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16
}

export function channelCount(input: Pick<CardInput, 'channels'>): number {
  return input.channels === 'GRAY' ? 1 : 3
}

/** [batch, channels, height, width], or with the channels last. */
export function inputShape(input: CardInput, batch = 1): number[] {
  const channels = channelCount(input)
  return input.layout === 'NCHW'
    ? [batch, channels, input.height, input.width]
    : [batch, input.height, input.width, channels]
}

/**
 * `(value · scale − mean) / std` for each channel, in the card's layout.
 * @param image exactly as large as the card's input.
 * @param out channels·height·width floats; written from the start.
 */
export function preprocess(image: Raster, input: CardInput, out: Float32Array): void {
  const pixels = input.width * input.height
  if (image.width !== input.width || image.height !== input.height)
    throw new AppError(
      'internal',
      `An image of ${image.width}×${image.height} pixels met an input of ${input.width}×${input.height}.`,
    )
  const channels = channelCount(input)
  const tables = Array.from({ length: channels }, (_, c) => tableOf(input, c))
  const pick = pickers[input.channels]
  for (let p = 0; p < pixels; p++) {
    const values = pick(image.rgb, p * 3)
    for (let c = 0; c < channels; c++) {
      const at = input.layout === 'NCHW' ? c * pixels + p : p * channels + c
      out[at] = tables[c]?.[values[c] ?? 0] ?? 0
    }
  }
}

/** The 256 values that one channel can take. */
function tableOf(input: CardInput, channel: number): Float32Array {
  const mean = input.mean[channel] ?? 0
  const std = input.std[channel] ?? 1
  return Float32Array.from({ length: 256 }, (_, value) => (value * input.scale - mean) / std)
}

/** What black and white become, per channel: the box of the zBox rule. A negative std swaps the two. */
export function inputBounds(input: CardInput): { low: number[]; high: number[] } {
  const ends = input.std.map((std, c) => {
    const mean = input.mean[c] ?? 0
    return [(0 - mean) / std, (255 * input.scale - mean) / std] as const
  })
  return {
    low: ends.map(([black, white]) => Math.min(black, white)),
    high: ends.map(([black, white]) => Math.max(black, white)),
  }
}

/** The same in words, for the conventions of a result. */
export function describePreprocessing(input: CardInput): string {
  const list = (values: readonly number[]) => values.map((value) => Number(value.toPrecision(6)))
  const grey = input.channels === 'GRAY' ? ', grey by ITU-R 601 luma' : ''
  return (
    `(value · ${Number(input.scale.toPrecision(6))} − mean) / std, value 0…255; ` +
    `mean ${list(input.mean).join(', ')}; std ${list(input.std).join(', ')}; ` +
    `${input.channels} ${input.layout}, ${input.width}×${input.height} px${grey}`
  )
}
