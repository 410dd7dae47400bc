import type { MethodParameters } from '../../../shared/explanation/method'
import type { Explainer } from '../explainerTypes'
import type { Baseline } from './baseline'
import { asExplainer } from './manyPasses'
import type { Points } from './points'
import { scoreOf, sumOf } from './score'

export const defaultSteps = 20

/**
 * Integrated gradients (Sundararajan, Taly, Yan, ICML 2017) by a right Riemann sum:
 * R_d = (x_d − b_d) · 1/n Σ_{i=1..n} ∂f/∂x_d (b + i/n (x − b)), and Σ R → f(x) − f(b) with more steps.
 */
export function integratedGradients(
  points: Points,
  { steps = defaultSteps }: Pick<MethodParameters, 'steps'>,
  baseline: Baseline,
): Explainer {
  const { explainer, sampleSize } = points
  return asExplainer(explainer, {
    exactForward: explainer.exactForward,
    conventions: [
      ...explainer.conventions,
      {
        name: 'formula',
        value:
          'R = (x − b) · the mean gradient of the score f at n points b + i/n (x − b), i = 1…n (right Riemann sum); Sundararajan et al. 2017',
      },
      { name: 'steps n', value: String(steps) },
      { name: 'baseline b', value: baseline.words },
    ],
    async explain(sample, mask, progress) {
      explainer.check(sample)
      const from = baseline.of(sample)
      const difference = sample.map((value, d) => value - (from[d] ?? 0))
      const sum = new Float64Array(sampleSize)
      let atBaseline = 0
      let logits = new Float32Array(explainer.classCount)
      // Point 0 is the baseline, where only the score is asked; point n is the input itself.
      const fill = (i: number, out: Float32Array): void => {
        if (i === steps) out.set(sample)
        else for (let d = 0; d < sampleSize; d++) out[d] = (from[d] ?? 0) + (i / steps) * ((sample[d] ?? 0) - (from[d] ?? 0)) // prettier-ignore
      }
      await points.each(
        steps + 1,
        fill,
        mask,
        (i, point) => {
          if (i === 0) atBaseline = scoreOf(point.logits, mask)
          else for (const [d, value] of point.gradient.entries()) sum[d] = (sum[d] ?? 0) + value
          if (i === steps) logits = point.logits.slice()
        },
        progress,
      )
      const relevance = difference.map((value, d) => (value * (sum[d] ?? 0)) / steps)
      const score = scoreOf(logits, mask)
      return {
        relevance,
        logits,
        measures: [
          { name: 'score of the input, f(x)', value: score },
          { name: 'score of the baseline, f(b)', value: atBaseline },
          {
            name: 'completeness residual, Σ R − (f(x) − f(b))',
            value: sumOf(relevance) - (score - atBaseline),
          },
        ],
      }
    },
  })
}
