import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { legendRange, paintHeatmap, pixelRelevance } from '../shared/colour/heatmap'
import { AppError } from '../shared/errors'
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

/**
 * Writes the arrays and the heatmap.
 * @param node where relevance was asked for as well.
 * @returns what the result's JSON says of them.
 */
export async function writeArrays(
  folder: string,
  names: OutputNames,
  { result, relevance, at }: Explained,
  { arrayShape, layout }: Pick<CommandSubject, 'arrayShape' | 'layout'>,
  node: string | undefined,
) {
  const { shape, data } = inModelShape(result.shape, relevance, arrayShape, layout)
  const relevanceBytes = writeNpy(shape, data)
  const { logits } = result.prediction
  const heatmap = heatmapPng(result.shape, relevance)
  await writeFiles(folder, [
    [names.relevance, relevanceBytes],
    [names.logits, writeNpy([1, logits.length], Float32Array.from(logits))],
    [names.heatmap, heatmap.png],
  ])
  const inside = at && node !== undefined ? await writeInside(folder, names.at, node, at) : {}
  return {
    relevance: { file: names.relevance, shape, sha256: sha256Of(relevanceBytes) },
    logits: { file: names.logits, shape: [1, logits.length] },
    heatmap: { file: names.heatmap, colourMap, normalisation: 'percentile', range: heatmap.range },
    ...inside,
  }
}

/** Relevance at a node's output, in the shape that it has in the network. */
async function writeInside(
  folder: string,
  file: string,
  node: string,
  { shape, values }: NonNullable<Explained['at']>,
) {
  const bytes = writeNpy(shape, values)
  await writeFiles(folder, [[file, bytes]])
  return { at: { file, node, shape, sha256: sha256Of(bytes) } }
}

/** Each file is written under another name first: a full disk leaves no half of one. */
export async function writeFiles(
  folder: string,
  files: readonly (readonly [name: string, bytes: Uint8Array | string])[],
): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    for (const [name, bytes] of files) {
      const path = join(folder, name)
      await writeFile(`${path}.part`, bytes)
      await rename(`${path}.part`, path)
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    if (code === 'ENOSPC')
      throw new AppError('storage-full', 'The disk is full; the files were not all written.', '', {
        cause: error,
      })
    throw new AppError(
      'io',
      `The folder “${folder}” cannot be written (${code}).`,
      'Choose another folder with --out.',
      { cause: error },
    )
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
