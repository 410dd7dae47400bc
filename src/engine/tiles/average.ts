import { probabilitiesOf, type ProbabilityKind } from '../inference/scores'
import type { TileOrigin } from './plan'

/**
 * Averages the relevance of overlapping tiles: each pixel gets the mean over the tiles that cover it
 * (Bach et al. 2015, Fig 6). Sums are kept in double precision.
 *
 * Invariant: Σ_p mean(p) · coverage(p) = Σ over all tiles of their relevance inside the image.
 */
export interface RelevanceAverage {
  /** @param relevance channels·height·width of the tile, channels first. */
  add(origin: TileOrigin, relevance: Float32Array): void
  /** channels·height·width of the image, channels first; 0 where no tile lies. */
  mean(): Float32Array<ArrayBuffer>
  /** How many tiles cover each pixel. */
  coverage(): Uint32Array
}

export function averageRelevance(
  channels: number,
  image: { readonly width: number; readonly height: number },
  tile: { readonly width: number; readonly height: number },
): RelevanceAverage {
  const pixels = image.width * image.height
  const sums = new Float64Array(channels * pixels)
  const counts = new Uint32Array(pixels)

  /** Only what lies inside the image counts: a tile larger than the image reaches over its border. */
  function add({ x, y }: TileOrigin, relevance: Float32Array): void {
    const left = Math.max(0, -x)
    const right = Math.min(tile.width, image.width - x)
    for (let row = Math.max(0, -y); row < Math.min(tile.height, image.height - y); row++) {
      const to = (y + row) * image.width + x
      for (let column = left; column < right; column++) {
        counts[to + column] = (counts[to + column] ?? 0) + 1
        for (let c = 0; c < channels; c++) {
          const at = c * pixels + to + column
          const value = relevance[(c * tile.height + row) * tile.width + column] ?? 0
          sums[at] = (sums[at] ?? 0) + value
        }
      }
    }
  }

  return {
    add,
    mean: () => Float32Array.from(sums, (sum, i) => sum / Math.max(1, counts[i % pixels] ?? 0)),
    coverage: () => counts.slice(),
  }
}

/** Predictions of tiles: the mean of their logits and, apart from it, of their probabilities. */
export interface PredictionAverage {
  add(logits: Float32Array): void
  readonly count: () => number
  readonly logits: () => number[]
  readonly probabilities: () => number[]
}

export function averagePredictions(
  classCount: number,
  kind: ProbabilityKind = 'softmax',
): PredictionAverage {
  const logitSums = new Float64Array(classCount)
  const probabilitySums = new Float64Array(classCount)
  let count = 0
  const meanOf = (sums: Float64Array) => Array.from(sums, (sum) => sum / Math.max(1, count))
  return {
    add(logits) {
      const probabilities = probabilitiesOf(kind, logits)
      for (let i = 0; i < classCount; i++) {
        logitSums[i] = (logitSums[i] ?? 0) + (logits[i] ?? 0)
        probabilitySums[i] = (probabilitySums[i] ?? 0) + (probabilities[i] ?? 0)
      }
      count++
    },
    count: () => count,
    logits: () => meanOf(logitSums),
    probabilities: () => meanOf(probabilitySums),
  }
}
