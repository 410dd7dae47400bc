import { AppError } from '../errors'
import { alphaOf } from './alpha'
import { colourMapById } from './maps'
import { quantileInPlace } from './quantile'

/** One number a pixel, row-major, in units of relevance. */
export interface RelevanceMap {
  readonly values: Float32Array
  readonly width: number
  readonly height: number
}

/**
 * Relevance per pixel: the sum over channels.
 * @param relevance row-major, of `shape`
 * @param shape [C, H, W] or [1, C, H, W]; a vector [N] or [1, N] becomes one row
 * @throws AppError `invalid-input` for other shapes, or when the length does not match
 */
export function pixelRelevance(relevance: Float32Array, shape: readonly number[]): RelevanceMap {
  const { channels, height, width } = planes(shape)
  const size = height * width
  if (relevance.length !== channels * size) {
    throw new AppError(
      'invalid-input',
      `The relevance has ${relevance.length} numbers, its shape [${shape.join(', ')}] wants ${channels * size}.`,
    )
  }
  if (channels === 1) return { values: relevance.slice(), width, height }
  const values = new Float32Array(size)
  for (let pixel = 0; pixel < size; pixel++) {
    // Summed in double precision: channels of opposite sign cancel.
    let sum = 0
    for (let channel = 0; channel < channels; channel++) {
      sum += relevance[channel * size + pixel] ?? 0
    }
    values[pixel] = sum
  }
  return { values, width, height }
}

function planes(shape: readonly number[]): { channels: number; height: number; width: number } {
  // A leading batch of one says nothing, but [1, H, W] is one channel, not a batch.
  const kept = (shape.length === 4 || shape.length === 2) && shape[0] === 1 ? shape.slice(1) : shape
  const [first, height, width] = kept
  if (kept.length === 3 && first !== undefined && height !== undefined && width !== undefined) {
    return { channels: first, height, width }
  }
  if (kept.length === 1 && first !== undefined) return { channels: 1, height: 1, width: first }
  throw new AppError(
    'invalid-input',
    `Relevance of shape [${shape.join(', ')}] cannot be shown as an image.`,
    'Expected are channels, height and width, for one image.',
  )
}

export type Normalisation = 'max' | 'percentile'

/** What the `percentile` normalisation takes of |R|. */
export const robustShare = 0.995

export interface LegendRange {
  /** The relevance at the legend's ends is ±range; always positive and finite. */
  readonly range: number
  /** Share of the pixels whose |R| is beyond the range, 0…1; they show the colour of the ends. */
  readonly clipped: number
  /** All relevance is 0: the range is 1 by convention and says nothing. */
  readonly allZero: boolean
}

/**
 * The legend's symmetric range: the largest |R|, or its 99.5th percentile (nearest rank).
 * Where more than 99.5 % of the pixels are 0 the percentile would be 0; the largest is taken then.
 * Values that are not finite are left out.
 */
export function legendRange(values: Float32Array, normalisation: Normalisation): LegendRange {
  const magnitudes = values.map(Math.abs).filter(Number.isFinite)
  let largest = 0
  for (const magnitude of magnitudes) if (magnitude > largest) largest = magnitude
  if (largest === 0) return { range: 1, clipped: 0, allZero: true }
  if (normalisation === 'max') return { range: largest, clipped: 0, allZero: false }
  const quantile = quantileInPlace(magnitudes, robustShare)
  const range = quantile > 0 ? quantile : largest
  let beyond = 0
  for (const magnitude of magnitudes) if (magnitude > range) beyond += 1
  return { range, clipped: beyond / magnitudes.length, allZero: false }
}

export type HeatmapSign = 'both' | 'positive' | 'negative'

export interface HeatmapPaint {
  /** A colour map's id. */
  readonly colourMap: string
  /** The relevance at full colour; positive. */
  readonly range: number
  /** Nothing shows below this share of the range, 0…1. */
  readonly threshold: number
  /** `positive` shows evidence for the class only, `negative` evidence against it only. */
  readonly sign: HeatmapSign
}

/** Steps per arm of the colour table: finer than 8-bit colour can tell. */
const steps = 1024

/**
 * The colour of every relevance between −range and range, as RGBA bytes; index 0 is −range,
 * `steps` is zero, 2·`steps` is +range.
 */
function colourTable(paint: HeatmapPaint): Uint32Array {
  const { colour } = colourMapById(paint.colourMap)
  const bytes = new Uint8ClampedArray((2 * steps + 1) * 4)
  for (let index = 0; index <= 2 * steps; index++) {
    const t = index / steps - 1
    const hidden = (paint.sign === 'positive' && t < 0) || (paint.sign === 'negative' && t > 0)
    const alpha = hidden ? 0 : alphaOf(t, paint.threshold)
    bytes.set([...colour(t), alpha * 255], index * 4)
  }
  return new Uint32Array(bytes.buffer)
}

/**
 * Paints relevance as RGBA, not premultiplied, row-major; the layer's opacity is the compositor's.
 * Relevance beyond ±range has the colour of the ends; what is not a number is transparent.
 * @param values length width·height
 */
export function paintHeatmap(
  values: Float32Array,
  width: number,
  height: number,
  paint: HeatmapPaint,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint32Array(width * height)
  const paintPart = heatmapPainter(values, paint)
  paintPart(pixels, 0, pixels.length)
  return new Uint8ClampedArray(pixels.buffer)
}

/** Paints a part at a time, so that a large map need not hold up the window. */
export type PaintPart = (pixels: Uint32Array, from: number, to: number) => void

/** The same painting in parts: pixels `from` (inclusive) to `to` (exclusive), as packed RGBA. */
export function heatmapPainter(values: Float32Array, paint: HeatmapPaint): PaintPart {
  const table = colourTable(paint)
  const perUnit = steps / paint.range
  return (pixels, from, to) => {
    for (let index = from; index < to; index++) {
      const scaled = (values[index] ?? Number.NaN) * perUnit
      if (Number.isNaN(scaled)) continue
      const step = Math.min(2 * steps, Math.max(0, Math.round(scaled) + steps))
      pixels[index] = table[step] ?? 0
    }
  }
}
