import { AppError } from '../../../shared/errors'
import type { MethodParameters } from '../../../shared/explanation/method'
import type { Explainer, Progress } from '../explainerTypes'
import type { Baseline } from './baseline'
import { asExplainer } from './manyPasses'
import type { Points } from './points'
import { bisect, pointOn, type Root, type Stop } from './rootSearch'
import { scoreOf, sumOf } from './score'

export const defaultHalvings = 40
/** Steps along the gradient until f must have changed its sign. */
const mostSteps = 32

/**
 * Taylor decomposition around a root (Bach et al. 2015, "Taylor-type decomposition"):
 * f(x) ≈ f(x₀) + Σ_d (x − x₀)_d ∂f/∂x_d (x₀), R the summands, f(x₀) = 0.
 *
 * f must change its sign at the decision boundary. A difference of two logits does, and so does the one
 * logit of a class that is decided by a sigmoid; where a softmax decides, a logit by itself means nothing
 * (adding the same to all changes no probability), so f is the logit less the largest other one.
 *
 * x₀ is found by bisection on the line from x to a point where f has the other sign: the baseline, or where
 * f keeps its sign there, the first such point that steps along the gradient reach.
 */
export function taylor(
  points: Points,
  { steps = defaultHalvings }: Pick<MethodParameters, 'steps'>,
  baseline: Baseline,
): Explainer {
  const { explainer } = points
  const alone = explainer.probabilities === 'sigmoid' || explainer.classCount === 1
  return asExplainer(explainer, {
    exactForward: explainer.exactForward,
    conventions: [
      ...explainer.conventions,
      {
        name: 'formula',
        value: 'R = (x − x₀) · the gradient of f at its root x₀; Bach et al. 2015, Taylor-type',
      },
      {
        name: 'explained function f',
        value: alone
          ? 'the logit; of two classes the difference of their logits'
          : 'the logit less the largest other one, which is 0 where the decision changes; of two classes the difference of their logits',
      },
      {
        name: 'root x₀',
        value: `by at most ${steps} halvings of the line from the input to the baseline where f has the other sign there, else to the first point with the other sign that at most ${mostSteps} steps of −2 f ∇f/‖∇f‖² reach`,
      },
      { name: 'baseline', value: baseline.words },
    ],
    async explain(sample, mask, progress) {
      explainer.check(sample)
      const score = alone || mask.some((share) => share < 0) ? fixed(mask) : margin(mask)
      const search = { points, score, sample, mask, steps, progress }
      const first = await points.at(sample, mask)
      const x: Stop = { t: 0, point: sample, score: score.of(first.logits) }
      const towards = await towardsBaseline(search, x, baseline.of(sample))
      const root = towards ?? (await alongGradient(search, x, first.logits))
      const { point, score: atRoot } = root.at
      const { gradient } = await gradientAt(search, point, score.maskAt(first.logits))
      const difference = sample.map((value, d) => value - (point[d] ?? 0))
      const relevance = difference.map((value, d) => value * (gradient[d] ?? 0))
      const sum = sumOf(relevance)
      return {
        relevance,
        logits: first.logits.slice(),
        measures: [
          { name: 'score of the input, f(x)', value: x.score },
          { name: 'score at the root, f(x₀)', value: atRoot },
          { name: 'sum of the relevance, Σ R', value: sum },
          { name: 'remainder, f(x) − f(x₀) − Σ R', value: x.score - atRoot - sum },
          { name: 'distance of the root, ‖x − x₀‖', value: norm(difference) },
          { name: 'halvings', value: root.halvings },
          {
            name: 'root towards the baseline (1) or along the gradient (0)',
            value: towards ? 1 : 0,
          },
        ],
      }
    },
  })
}

/** The explained function of the logits, and the mask whose gradient is its gradient there. */
interface Score {
  readonly of: (logits: Float32Array) => number
  readonly maskAt: (logits: Float32Array) => Float32Array
}

function fixed(mask: Float32Array): Score {
  return { of: (logits) => scoreOf(logits, mask), maskAt: () => mask }
}

/** z_c − max_{k≠c} z_k */
function margin(mask: Float32Array): Score {
  const maskAt = (logits: Float32Array): Float32Array => {
    const explained = mask.findIndex((share) => share !== 0)
    let best = -1
    for (const [c, logit] of logits.entries()) {
      if (c !== explained && (best < 0 || logit > (logits[best] ?? 0))) best = c
    }
    return mask.map((share, c) => (c === best ? -1 : share))
  }
  return { of: (logits) => scoreOf(logits, maskAt(logits)), maskAt }
}

interface Search {
  readonly points: Points
  readonly score: Score
  readonly sample: Float32Array
  readonly mask: Float32Array
  readonly steps: number
  readonly progress: Progress | undefined
}

/** The gradient of f, and its mask there. @param guess right where the class held against is still the same. */
async function gradientAt(
  { points, score }: Search,
  point: Float32Array,
  guess: Float32Array,
): Promise<{ gradient: Float32Array; mask: Float32Array }> {
  const { gradient, logits } = await points.at(point, guess)
  const mask = score.maskAt(logits)
  const same = mask.every((share, c) => share === guess[c])
  return { gradient: same ? gradient : (await points.at(point, mask)).gradient, mask }
}

async function stopOn(search: Search, direction: Float64Array, t: number): Promise<Stop> {
  const { points, score, sample, mask } = search
  const point = pointOn(sample, direction, t)
  return { t, point, score: score.of((await points.at(point, mask)).logits) }
}

function between(search: Search, direction: Float64Array, near: Stop, far: Stop): Promise<Root> {
  const { steps, progress } = search
  return bisect(
    near,
    far,
    steps,
    (t) => stopOn(search, direction, t),
    (done) => progress?.(done, steps),
  )
}

/** Null where f has the same sign at the baseline. */
async function towardsBaseline(
  search: Search,
  x: Stop,
  baseline: Float32Array,
): Promise<Root | null> {
  const direction = Float64Array.from(search.sample, (value, d) => (baseline[d] ?? 0) - value)
  const far = await stopOn(search, direction, 1)
  return differ(x, far) ? between(search, direction, x, far) : null
}

/**
 * Steps of −2 f ∇f/‖∇f‖², each of which would mirror a linear f at its root, until f has the other sign;
 * the root is then looked for between x and there.
 * @throws AppError `invalid-input` where f keeps its sign.
 */
async function alongGradient(search: Search, x: Stop, logits: Float32Array): Promise<Root> {
  const { sample, score } = search
  let { point, score: value } = x
  let mask = score.maskAt(logits)
  for (let step = 0; step < mostSteps; step++) {
    const found = await gradientAt(search, point, mask)
    const square = found.gradient.reduce((sum, part) => sum + part * part, 0)
    if (square === 0) break
    const scale = (-2 * value) / square
    const next = point.map((coordinate, d) => coordinate + scale * (found.gradient[d] ?? 0))
    const direction = Float64Array.from(next, (coordinate, d) => coordinate - (sample[d] ?? 0))
    const far = await stopOn(search, direction, 1)
    if (differ(x, far)) return between(search, direction, x, far)
    point = far.point
    value = far.score
    mask = found.mask
  }
  throw new AppError(
    'invalid-input',
    'No root of the score was found near this input, neither towards the baseline nor along the gradient, so there is nothing to develop the Taylor series around.',
    'Choose another baseline, hold the class against another, or use integrated-gradients.',
  )
}

function differ(a: Stop, b: Stop): boolean {
  return a.score === 0 || b.score === 0 || Math.sign(a.score) !== Math.sign(b.score)
}

function norm(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))
}
