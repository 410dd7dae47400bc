import { AppError } from '../../shared/errors'
import type { LedgerEntry } from '../../shared/explanation/result'
import type { Explainer, Explanation, Measure } from '../lrp/explainerTypes'
import { averageRelevance } from '../tiles/average'
import { batches } from './batches'
import { ledgerMean } from './meanLedger'
import { measureMeans } from './meanMeasures'
import { notANumber, type Report } from './predict'
import type { MapGeometry, Sampling } from './sampling'
import { targetMask, type ResolvedTarget } from './target'

export interface RelevanceMap {
  /** channels·height·width, channels first. */
  readonly relevance: Float32Array<ArrayBuffer>
  readonly shape: readonly [channels: number, height: number, width: number]
  /** Mean over the samples. */
  readonly startRelevance: number
  /** Σ of the map, in double precision. */
  readonly sumRelevance: number
  /** Mean over the samples; null for gradient methods. */
  readonly ledger: LedgerEntry[] | null
  /** At the node asked for; null where none was, or where there are several samples. */
  readonly at: Explanation['at']
  /** Means over the samples. */
  readonly measures: readonly Measure[]
  /** What the run itself found out about its numbers, in words. */
  readonly conventions: readonly { readonly name: string; readonly value: string }[]
  readonly explanationMs: number
}

/** Above this the sums of a map would need more than 600 MB. */
const largestMap = 24_000_000

/**
 * Explains all samples and lays their relevance on one map.
 * @param predicted the mean logits of the plain forward pass.
 * @throws AppError `invalid-model` when relevance is not a number, `invalid-input` when the map is too large,
 *   `internal` when the compiled graph does not compute the model's own logits.
 */
export async function explain(
  explainer: Pick<Explainer, 'inputShape' | 'classCount' | 'exactForward' | 'run'>,
  sampling: Sampling,
  target: ResolvedTarget,
  predicted: readonly number[],
  report: Report,
): Promise<RelevanceMap> {
  const { map, count, sampleSize } = sampling
  const batch = explainer.inputShape[0] ?? 1
  checkMapSize(map)
  const average = averageRelevance(map.channels, map, map.sample)
  const ledger = ledgerMean()
  let hasLedger = false
  let start = 0
  let explanationMs = 0
  let at: Explanation['at'] = null
  let passes = 1
  const measures = measureMeans(count)
  const logits = new Float64Array(explainer.classCount)
  report('Explaining', 0, count)
  for (const { first, used, input } of batches(count, batch, sampleSize, sampling.fill)) {
    const mask = targetMask(target, explainer.classCount, batch, used)
    const started = performance.now()
    const run = await explainer.run(input, mask, (done, total) => {
      passes = total
      report('Explaining', first * total + used * done, count * total)
    })
    explanationMs += performance.now() - started
    for (let k = 0; k < used; k++) {
      const sample = run.relevance.subarray(k * sampleSize, (k + 1) * sampleSize)
      average.add(map.origin(first + k), channelsFirst(sample, map))
      start += run.startRelevance[k] ?? 0
      for (let c = 0; c < logits.length; c++)
        logits[c] = (logits[c] ?? 0) + (run.logits[k * logits.length + c] ?? Number.NaN) / count
    }
    if (count === 1) at = run.at
    measures.add(run.measures)
    if (run.ledger) {
      hasLedger = true
      ledger.add(run.ledger)
    }
    report('Explaining', (first + used) * passes, count * passes)
  }
  const difference = compareLogits(logits, predicted, explainer.exactForward)
  const relevance = average.mean()
  const sumRelevance = relevance.reduce((sum, value) => sum + value, 0)
  if (!Number.isFinite(sumRelevance)) throw notANumber('relevance')
  return {
    relevance,
    shape: [map.channels, map.height, map.width],
    startRelevance: start / count,
    sumRelevance,
    ledger: hasLedger ? ledger.mean(count) : null,
    at,
    measures: measures.mean(),
    conventions: [
      ...(difference === null ? [] : [{ name: 'quantisation', value: difference }]),
      ...measures.words(),
    ],
    explanationMs,
  }
}

/** Share of the largest logit; folding and fusing differ by about 1e-6 of it. */
const logitTolerance = 1e-3
/** The same for a quantised model, whose 8 bits make differences of some percent. */
const quantisedTolerance = 0.25

/**
 * What explains must be what predicts: the last guard against a graph that was rewritten wrongly.
 * @param exact whether only float rounding may differ.
 * @returns the difference in words where more may.
 */
function compareLogits(
  ours: Float64Array,
  predicted: readonly number[],
  exact: boolean,
): string | null {
  const largest = predicted.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3)
  const difference = predicted.reduce(
    (most, value, c) => Math.max(most, Math.abs(value - (ours[c] ?? Number.NaN))),
    0,
  )
  const agree = difference <= (exact ? logitTolerance : quantisedTolerance) * largest
  const share = ((100 * difference) / largest).toPrecision(2)
  if (!agree && !exact) {
    throw new AppError(
      'invalid-model',
      `Without its quantisation the model computes other logits: they differ by ${share} % of the largest, so nothing is shown.`,
      'Explain the network that was quantised, or quantise it again with more samples.',
    )
  }
  if (!agree || ours.length !== predicted.length) {
    throw new AppError(
      'internal',
      'The compiled explanation does not compute the logits that the model computes; nothing is shown.',
      'Please report this with the model.',
    )
  }
  if (exact) return null
  return (
    'the prediction is the quantised model’s own; the logits of the dequantised network, which is ' +
    `explained, differ by at most ${difference.toPrecision(2)} (${share} % of the largest)`
  )
}

function checkMapSize(map: MapGeometry): void {
  if (map.width * map.height <= largestMap) return
  throw new AppError(
    'invalid-input',
    `A map of ${map.width}×${map.height} pixels is too large to be explained at once; the limit is ${largestMap / 1e6} megapixels.`,
    'Explain single tiles, or cut the part that matters out of the image.',
  )
}

function channelsFirst(sample: Float32Array, { layout, channels }: MapGeometry): Float32Array {
  if (layout === 'NCHW' || channels === 1) return sample
  const pixels = sample.length / channels
  return Float32Array.from(
    { length: sample.length },
    (_, i) => sample[(i % pixels) * channels + Math.floor(i / pixels)] ?? 0,
  )
}
