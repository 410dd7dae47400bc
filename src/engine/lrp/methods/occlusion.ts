import { AppError } from '../../../shared/errors'
import type { MethodParameters } from '../../../shared/explanation/method'
import { batches } from '../../inference/batches'
import type { Explainer, PlainClassifier } from '../explainerTypes'
import { sizeOf } from '../network'
import { roundedTo } from '../wholeNumbers'
import { baselineOf, type Baseline } from './baseline'
import { openFitting } from './fitting'
import type { Geometry } from './geometry'
import { asExplainer } from './manyPasses'
import { scoreOf, sumOf } from './score'

interface Square {
  readonly left: number
  readonly top: number
  /** Beyond the last pixel. */
  readonly right: number
  readonly bottom: number
}

interface Plan {
  readonly geometry: Geometry
  readonly squares: readonly Square[]
  readonly patch: number
  readonly stride: number
  readonly baseline: Baseline
}

/** Opens the plain classifier for a number of samples a run. */
export type OpenClassifier = (batch: number) => Promise<PlainClassifier>

/**
 * Occlusion (Zeiler & Fergus, ECCV 2014): how far the score drops when a square of the input is replaced
 * by the baseline, Δ_s = f(x) − f(x without s). A pixel gets the mean of Δ_s / |s| over the squares s that
 * cover it, |s| their pixels, each channel an equal share: where squares do not overlap, Σ R = Σ_s Δ_s; of
 * a linear f and squares that cover each pixel equally often, Σ R = f(x) − f(baseline). Nothing of the
 * network is looked at but its logits.
 * @throws AppError `invalid-input` for inputs that are no pictures, and strides that leave gaps.
 */
export async function occlusion(
  open: OpenClassifier,
  parameters: MethodParameters,
  geometryOf: (sampleShape: readonly number[]) => Geometry | null,
): Promise<Explainer> {
  const plan = (sampleShape: readonly number[]): Plan =>
    planOf(parameters, geometryOf(sampleShape), sampleShape)
  const classifier = await openFitting(open, (sampleShape) => {
    const { geometry, squares } = plan(sampleShape)
    return { count: squares.length + 2, width: geometry.width, height: geometry.height }
  })
  const [batch = 1, ...sampleShape] = classifier.inputShape
  const { geometry, squares, patch, stride, baseline } = plan(sampleShape)
  const sampleSize = sizeOf(sampleShape)
  const { classCount, wholeNumbers } = classifier
  return asExplainer(classifier, {
    exactForward: true,
    conventions: [
      { name: 'method', value: 'occlusion' },
      {
        name: 'formula',
        value:
          'a pixel’s R = the mean over the squares s that cover it of (f(x) − f(x without s)) / the pixels of s, in equal shares over its channels; f the score, from the model’s plain forward pass alone; Zeiler & Fergus 2014',
      },
      { name: 'score f', value: scoreWords },
      {
        name: 'squares',
        value: `${squares.length} of ${patch}×${patch} px, ${stride} px apart, cut off at the border`,
      },
      { name: 'baseline', value: baseline.words + (wholeNumbers ? ', rounded' : '') },
    ],
    async explain(sample, mask, progress) {
      const covered = roundedTo(baseline.of(sample), wholeNumbers)
      // First the input, then the baseline alone, then square by square.
      const scores: number[] = []
      let logits = new Float32Array(classCount)
      const total = squares.length + 2
      const fill = (index: number, out: Float32Array): void => {
        out.set(index === 1 ? covered : sample)
        const square = squares[index - 2]
        if (square) for (const at of offsets(square, geometry)) out[at] = covered[at] ?? 0
      }
      progress?.(0, total)
      for (const { first, used, input } of batches(total, batch, sampleSize, fill)) {
        const found = await classifier.run(input)
        for (let row = 0; row < used; row++) {
          const own = found.subarray(row * classCount, (row + 1) * classCount)
          scores.push(scoreOf(own, mask))
          if (first + row === 0) logits = own.slice()
        }
        progress?.(first + used, total)
      }
      const [score = 0, atBaseline = 0, ...without] = scores
      const drops = without.map((value) => score - value)
      const relevance = spread(drops, squares, geometry, sampleSize)
      return {
        relevance,
        logits,
        measures: [
          { name: 'score of the input, f(x)', value: score },
          { name: 'score of the baseline alone, f(b)', value: atBaseline },
          { name: 'sum of the drops over all squares', value: drops.reduce((sum, drop) => sum + drop, 0) }, // prettier-ignore
          {
            name: 'what the squares do not add up to, Σ R − (f(x) − f(b))',
            value: sumOf(relevance) - (score - atBaseline),
          },
        ],
      }
    },
  })
}

const scoreWords =
  'the logit of the explained class, less that of the class it is held against if there is one'

function planOf(
  parameters: MethodParameters,
  geometry: Geometry | null,
  sampleShape: readonly number[],
): Plan {
  if (!geometry)
    throw new AppError(
      'invalid-input',
      `Occlusion covers squares of a picture, and the input of this model (${sampleShape.join(' × ')}) is none.`,
      'Choose integrated-gradients or another method.',
    )
  const { width, height } = geometry
  const { patch = Math.max(1, Math.round(Math.min(width, height) / 8)) } = parameters
  const { stride = Math.max(1, Math.floor(patch / 2)) } = parameters
  if (stride > patch)
    throw new AppError(
      'invalid-input',
      `Squares of ${patch} px, ${stride} px apart, leave pixels between them that are never covered.`,
      `Choose a stride up to ${patch}, or larger squares.`,
    )
  const squares = starts(height, patch, stride).flatMap((top) =>
    starts(width, patch, stride).map((left) => ({
      left,
      top,
      right: Math.min(left + patch, width),
      bottom: Math.min(top + patch, height),
    })),
  )
  return { geometry, squares, patch, stride, baseline: baselineOf(parameters, geometry) }
}

/** 0, stride, 2·stride … until the last square reaches the end. */
function starts(size: number, patch: number, stride: number): number[] {
  const count = 1 + Math.max(0, Math.ceil((size - patch) / stride))
  return Array.from({ length: count }, (_, index) => index * stride)
}

/** Of every number in a square, channel by channel. */
function* offsets(square: Square, { channels, width, at }: Geometry): Generator<number> {
  for (let c = 0; c < channels; c++)
    for (let y = square.top; y < square.bottom; y++)
      for (let x = square.left; x < square.right; x++) yield at(c, y * width + x)
}

function spread(
  drops: readonly number[],
  squares: readonly Square[],
  geometry: Geometry,
  size: number,
): Float32Array {
  const sums = new Float64Array(size)
  const counts = new Uint32Array(size)
  for (const [index, square] of squares.entries()) {
    const pixels = (square.right - square.left) * (square.bottom - square.top)
    const share = (drops[index] ?? 0) / pixels / geometry.channels
    for (const at of offsets(square, geometry)) {
      sums[at] = (sums[at] ?? 0) + share
      counts[at] = (counts[at] ?? 0) + 1
    }
  }
  return Float32Array.from(sums, (sum, at) => sum / (counts[at] ?? 1))
}
