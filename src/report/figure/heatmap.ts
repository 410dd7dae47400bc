import { readFile } from 'node:fs/promises'
import { encode } from 'fast-png'
import { paintHeatmap, pixelRelevance } from '../../shared/colour/heatmap'
import { sha256 } from '../files'
import { onWhite } from './png'
import type { FigureHeatmap } from '../document/blocks'

/** The heatmap's layers as PNG, or the sentence that stands in their place. */
export type HeatmapPictures =
  | {
      readonly kind: 'shown'
      /** RGBA as the reviewer saw it above the image, but for the layer's opacity. */
      readonly layer: Uint8Array
      /** The same on white. */
      readonly alone: Uint8Array
      /** The legend's bar from −range to +range, on white. */
      readonly legend: Uint8Array
    }
  | { readonly kind: 'left-out'; readonly reason: string }

/** Small maps are repeated by whole factors up to this, so that viewers do not blur their pixels. */
const crispSize = 448

/** @param path raw little-endian float32 of the heatmap's shape */
export async function readHeatmap(
  path: string | null,
  heatmap: FigureHeatmap,
): Promise<HeatmapPictures> {
  const leftOut = (reason: string): HeatmapPictures => ({ kind: 'left-out', reason })
  if (path === null) return leftOut('The relevance was not at hand; the heatmap is not shown.')
  try {
    const bytes = await readFile(path)
    if (sha256(bytes) !== heatmap.relevanceSha256) {
      return leftOut('The relevance file has changed; the heatmap is not shown.')
    }
    const map = pixelRelevance(floats(bytes), heatmap.shape)
    const { colourMap, range, threshold, sign } = heatmap.view
    const paint = { colourMap, range, threshold, sign }
    const factor = Math.max(1, Math.floor(crispSize / Math.max(map.width, map.height)))
    const large = enlarged(map.values, map.width, map.height, factor)
    const width = map.width * factor
    const height = map.height * factor
    const layer = paintHeatmap(large, width, height, paint)
    const bar = paintHeatmap(ramp(range), rampSteps, rampRows, paint)
    return {
      kind: 'shown',
      layer: encode({ width, height, channels: 4, depth: 8, data: layer }),
      alone: opaque(layer, width, height),
      legend: opaque(bar, rampSteps, rampRows),
    }
  } catch {
    return leftOut('The relevance could not be read; the heatmap is not shown.')
  }
}

function opaque(pixels: Uint8ClampedArray, width: number, height: number): Uint8Array {
  return encode({ width, height, channels: 3, depth: 8, data: onWhite(pixels) })
}

/** A copy, because a file's bytes need not lie on a four-byte boundary. */
function floats(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Float32Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) =>
    view.getFloat32(index * 4, true),
  )
}

const rampSteps = 257
const rampRows = 8

function ramp(range: number): Float32Array {
  return Float32Array.from(
    { length: rampSteps * rampRows },
    (_, index) => ((2 * (index % rampSteps)) / (rampSteps - 1) - 1) * range,
  )
}

function enlarged(
  values: Float32Array,
  width: number,
  height: number,
  factor: number,
): Float32Array {
  if (factor === 1) return values
  const large = new Float32Array(width * height * factor * factor)
  for (let y = 0; y < height * factor; y++) {
    const row = Math.floor(y / factor) * width
    for (let x = 0; x < width * factor; x++) {
      large[y * width * factor + x] = values[row + Math.floor(x / factor)] ?? 0
    }
  }
  return large
}
