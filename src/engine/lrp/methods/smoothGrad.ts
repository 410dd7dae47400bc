import type { MethodParameters } from '../../../shared/explanation/method'
import type { Explainer } from '../explainerTypes'
import { asExplainer } from './manyPasses'
import { normalNoise, type Noise } from './normalNoise'
import type { Points } from './points'

export const defaultSamples = 20
export const defaultNoise = 0.1

/**
 * SmoothGrad (Smilkov et al., arXiv 1706.03825): the mean of the gradient at x + σ·noise over n passes, the
 * last one at x itself, σ = `noise` · (max x − min x).
 * @param noiseOf standard normal numbers from a seed, pass by pass in the order of the input's numbers;
 *   begun anew for every input, so that an input's map depends on nothing else.
 */
export function smoothGrad(
  points: Points,
  parameters: Pick<MethodParameters, 'samples' | 'noise' | 'seed'>,
  noiseOf: (seed: number) => Noise = normalNoise,
): Explainer {
  const { samples = defaultSamples, noise = defaultNoise, seed = 0 } = parameters
  const { explainer, sampleSize } = points
  return asExplainer(explainer, {
    exactForward: explainer.exactForward,
    conventions: [
      ...explainer.conventions,
      {
        name: 'formula',
        value:
          'R = the mean gradient of the score at n points x + σ·noise, the last one without noise; Smilkov et al. 2017',
      },
      { name: 'samples n', value: String(samples) },
      { name: 'noise σ', value: `${noise} · (largest − smallest number of the input)` },
      {
        name: 'seed',
        value: `${seed} (generator sfc32, normal by the polar method; begun anew for every input or tile)`,
      },
    ],
    async explain(sample, mask, progress) {
      explainer.check(sample)
      const deviation = noise * spread(sample)
      const next = noiseOf(seed)
      const sum = new Float64Array(sampleSize)
      let logits = new Float32Array(explainer.classCount)
      const fill = (pass: number, out: Float32Array): void => {
        if (pass === samples - 1) out.set(sample)
        else for (let d = 0; d < sampleSize; d++) out[d] = (sample[d] ?? 0) + deviation * next()
      }
      await points.each(
        samples,
        fill,
        mask,
        (pass, point) => {
          for (const [d, value] of point.gradient.entries()) sum[d] = (sum[d] ?? 0) + value
          if (pass === samples - 1) logits = point.logits.slice()
        },
        progress,
      )
      return {
        relevance: Float32Array.from(sum, (value) => value / samples),
        logits,
        measures: [{ name: 'standard deviation of the noise, σ', value: deviation }],
      }
    },
  })
}

function spread(sample: Float32Array): number {
  let low = Infinity
  let high = -Infinity
  for (const value of sample) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  return high - low
}
