import type { Raster } from './raster'

/** Weights are whole numbers of 2^−22: 8 bits of pixel, 2 bits of headroom, 32 in all. */
const precisionBits = 22
const half = 1 << (precisionBits - 1)

/**
 * Bilinear warp with antialiasing, to the bit as Pillow's `Image.resize((w, h), BILINEAR)`:
 * a triangle filter as wide as the reduction, first along rows, then along columns, each pass rounded
 * to 8 bits. The aspect ratio is not kept.
 */
export function resize(image: Raster, width: number, height: number): Raster {
  const across =
    width === image.width
      ? image
      : {
          width,
          height: image.height,
          rgb: resampleRows(image.rgb, image.width, image.height, width),
        }
  if (height === image.height) return across
  return { width, height, rgb: resampleColumns(across.rgb, width, image.height, height) }
}

/** The whole image, its longer side `longest` pixels; smaller images are left as they are. */
export function thumbnail(image: Raster, longest: number): Raster {
  const factor = longest / Math.max(image.width, image.height)
  if (factor >= 1) return image
  const side = (length: number) => Math.max(1, Math.round(length * factor))
  return resize(image, side(image.width), side(image.height))
}

/** For each output position: the first input position, and the fixed-point weights from there on. */
interface Taps {
  readonly first: number
  readonly weights: Int32Array
}

function tapsOf(inputSize: number, outputSize: number): Taps[] {
  const scale = inputSize / outputSize
  // The triangle's half width: never narrower than one input pixel, so enlarging interpolates.
  const support = Math.max(scale, 1)
  return Array.from({ length: outputSize }, (_tap, position) => {
    const centre = (position + 0.5) * scale
    const first = Math.max(0, Math.trunc(centre - support + 0.5))
    const end = Math.min(inputSize, Math.trunc(centre + support + 0.5))
    const exact = Array.from({ length: end - first }, (_, k) =>
      Math.max(0, 1 - Math.abs((first + k - centre + 0.5) / support)),
    )
    const sum = exact.reduce((total, weight) => total + weight, 0)
    const weights = Int32Array.from(exact, (weight) =>
      Math.trunc(0.5 + (weight / sum) * (1 << precisionBits)),
    )
    return { first, weights }
  })
}

function resampleRows(rgb: Uint8Array, width: number, height: number, toWidth: number): Uint8Array {
  const taps = tapsOf(width, toWidth)
  const out = new Uint8Array(toWidth * height * 3)
  let to = 0
  for (let y = 0; y < height; y++) {
    for (const { first, weights } of taps) {
      const from = (y * width + first) * 3
      for (let c = 0; c < 3; c++) out[to++] = weigh(rgb, from + c, 3, weights)
    }
  }
  return out
}

function resampleColumns(
  rgb: Uint8Array,
  width: number,
  height: number,
  toHeight: number,
): Uint8Array {
  const taps = tapsOf(height, toHeight)
  const row = width * 3
  const out = new Uint8Array(row * toHeight)
  let to = 0
  for (const { first, weights } of taps)
    for (let x = 0; x < row; x++) out[to++] = weigh(rgb, first * row + x, row, weights)
  return out
}

function weigh(values: Uint8Array, from: number, step: number, weights: Int32Array): number {
  let sum = half
  for (let k = 0; k < weights.length; k++) sum += (values[from + k * step] ?? 0) * (weights[k] ?? 0)
  return Math.min(255, Math.max(0, sum >> precisionBits))
}
