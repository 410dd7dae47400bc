import { legendRange, paintHeatmap, pixelRelevance } from '../shared/colour/heatmap'
import type { ExplanationResult } from '../shared/explanation/result'
import { writeNpy } from '../engine/arrays/npy'
import { sha256Of } from '../engine/files'
import { encodePng } from '../engine/images/png'
import type { CommandSubject } from './subject'

/** Small maps are drawn by whole factors up to this many pixels, so that viewers do not blur them. */
const crispSize = 448
const colourMap = 'blue-white-red'

export interface Explained {
  readonly result: ExplanationResult
  /** Channels first, in the result's shape. */
  readonly relevance: Float32Array
  /** At the node asked for. */
  readonly at: { readonly shape: readonly number[]; readonly values: Float32Array } | null
}

export interface OutputNames {
  readonly relevance: string
  readonly logits: string
  readonly heatmap: string
  readonly at: string
}

export const plainNames: OutputNames = {
  relevance: 'relevance.npy',
  logits: 'logits.npy',
  heatmap: 'heatmap.png',
  at: 'relevance_at.npy',
}

/** Of one class among several; all share the logits. */
export function namesOf(index: number): OutputNames {
  return {
    relevance: `relevance_${index}.npy`,
    logits: plainNames.logits,
    heatmap: `heatmap_${index}.png`,
    at: `relevance_at_${index}.npy`,
  }
}

export type NamedFile = readonly [name: string, bytes: Uint8Array | string]

/**
 * The arrays and the heatmap of one explanation.
 * @param node where relevance was asked for as well.
 * @returns the files, and what the result's JSON says of them.
 */
export function arrayFiles(
  names: OutputNames,
  { result, relevance, at }: Explained,
  { arrayShape, layout }: Pick<CommandSubject, 'arrayShape' | 'layout'>,
  node: string | undefined,
) {
  const { shape, data } = inModelShape(result.shape, relevance, arrayShape, layout)
  const relevanceBytes = writeNpy(shape, data)
  const { logits } = result.prediction
  const heatmap = heatmapPng(result.shape, relevance)
  const files: NamedFile[] = [
    [names.relevance, relevanceBytes],
    [names.logits, writeNpy([1, logits.length], Float32Array.from(logits))],
    [names.heatmap, heatmap.png],
  ]
  const stated = {
    relevance: { file: names.relevance, shape, sha256: sha256Of(relevanceBytes) },
    logits: { file: names.logits, shape: [1, logits.length] },
    heatmap: { file: names.heatmap, colourMap, normalisation: 'percentile', range: heatmap.range },
  }
  if (!at || node === undefined) return { files, stated }
  // At a node's output, in the shape that it has in the network.
  const inside = writeNpy(at.shape, at.values)
  return {
    files: [...files, [names.at, inside] satisfies NamedFile],
    stated: {
      ...stated,
      at: { file: names.at, node, shape: at.shape, sha256: sha256Of(inside) },
    },
  }
}

function inModelShape(
  [channels = 1, height = 1, width = 1]: readonly number[],
  relevance: Float32Array,
  arrayShape: readonly number[] | null,
  layout: 'NCHW' | 'NHWC',
): { shape: readonly number[]; data: Float32Array } {
  if (layout === 'NCHW')
    return { shape: arrayShape ?? [1, channels, height, width], data: relevance }
  const pixels = height * width
  return {
    shape: arrayShape ?? [1, height, width, channels],
    data: relevance.map(
      (_, i) => relevance[(i % channels) * pixels + Math.floor(i / channels)] ?? 0,
    ),
  }
}

/** The heatmap over white, its range the 99.5th percentile of |R|. */
export function heatmapPng(
  shape: readonly number[],
  relevance: Float32Array,
): { png: Uint8Array; range: number } {
  const map = pixelRelevance(relevance, shape)
  const { range } = legendRange(map.values, 'percentile')
  const paint = { colourMap, range, threshold: 0, sign: 'both' as const }
  const rgba = paintHeatmap(map.values, map.width, map.height, paint)
  const factor = Math.max(1, Math.floor(crispSize / Math.max(map.width, map.height)))
  const width = map.width * factor
  const height = map.height * factor
  const rgb = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (Math.floor(y / factor) * map.width + Math.floor(x / factor)) * 4
      const alpha = (rgba[from + 3] ?? 0) / 255
      for (let c = 0; c < 3; c++)
        rgb[(y * width + x) * 3 + c] = Math.round((rgba[from + c] ?? 0) * alpha + 255 * (1 - alpha))
    }
  }
  return { png: encodePng(width, height, rgb), range }
}
