import { createExplainer } from '../../../../../src/engine/lrp/explainer'
import type { ExplainerOptions } from '../../../../../src/engine/lrp/explainerTypes'
import { readModel } from '../../../../../src/engine/onnx/read'
import { slopeAlong, type Scalar } from '../../../reference/gradient'
import { Interpreter, valueIn } from '../../../reference/interpreter'
import { ndArray } from '../../../reference/ndArray'
import type { RandomGraph } from '../generate'
import { Random } from '../random'
import { summed } from './compare'
import { noiseFactor, type Findings } from './findings'
import { openInDouble } from './inDouble'
import { questionFor, type Question } from './question'

/** Directions that the gradient is compared along: all pixels at once, and single ones. */
const directions = { dense: 3, single: 3 }

export interface Slopes {
  readonly question: Question
  readonly logits: Float64Array
  readonly along: readonly { readonly direction: Float32Array; readonly slope: number }[]
}

/** Slopes of the first class's logit by central differences, at an input where it has no kink; null for none. */
export function slopesOf(graph: RandomGraph, seed: number): Slopes | null {
  const interpreter = new Interpreter(readModel(graph.bytes))
  const dims = [1, ...graph.sampleShape]
  for (let attempt = 0; attempt < 8; attempt++) {
    const question = questionFor(graph, seed, attempt)
    const x = ndArray(dims, Float64Array.from(question.input))
    const chosen = question.first.indexOf(1)
    const logitsAt = (at: typeof x): Float64Array =>
      valueIn(interpreter.run(new Map([['input', at]])), graph.logits).data
    const logit: Scalar = (at) => logitsAt(at)[chosen] ?? Number.NaN
    const random = new Random(seed)
    const along = Array.from({ length: directions.dense + directions.single }, (_, at) => {
      const direction =
        at < directions.dense
          ? random.normals(x.data.length)
          : new Float32Array(x.data.length).with(random.integer(0, x.data.length - 1), 1)
      return { direction, slope: slopeAlong(logit, x, direction) }
    })
    const smooth = along.flatMap(({ direction, slope }) =>
      slope === null ? [] : [{ direction, slope }],
    )
    if (smooth.length === along.length) return { question, logits: logitsAt(x), along: smooth }
  }
  return null
}

/** The gradient against central differences; input × gradient; float32 against double precision. */
export async function judgeGradients(
  graph: RandomGraph,
  slopes: Slopes,
  findings: Findings,
): Promise<void> {
  const { input, first } = slopes.question
  const options = { parameters: {}, start: 'unit', batch: 1 } as const
  const gradient: ExplainerOptions = { ...options, method: 'gradient' }
  const double = await findings.unlessRefused('gradient', () => openInDouble(graph.bytes, gradient))
  if (!double) return
  const exact = double.run(input, first)
  findings.compare('logits in double precision', exact.logits, slopes.logits, 1e-6)
  const noiseOf = () => double.noise(input, first)
  const size = Math.sqrt(summed(exact.relevance, (value) => value ** 2))
  // Where the logits hardly depend on the input, slopes are what rounding leaves of their differences.
  const rounding = 1e-9 * Math.max(...slopes.logits.map(Math.abs))
  for (const { direction, slope } of slopes.along) {
    findings.compared++
    const ours = summed(direction, (value, at) => value * (exact.relevance[at] ?? Number.NaN))
    if (Math.abs(ours - slope) <= 2e-5 * size) continue
    // Where terms cancel, float32 constants such as 1/3 are off by more than their sum.
    const noise = noiseOf().relevance.map((value, at) => value * (direction[at] ?? 0))
    const blur = noiseFactor * Math.sqrt(summed(noise, (value) => value ** 2)) + rounding
    if (!(Math.abs(ours - slope) <= blur))
      findings.complain('gradient', `${ours} along a direction, not ${slope}; its length is ${size}, noise ${blur}`) // prettier-ignore
  }
  const times = await openInDouble(graph.bytes, { ...options, method: 'input-x-gradient' })
  const product = exact.relevance.map((value, at) => value * (input[at] ?? Number.NaN))
  findings.compare('input × gradient', times.run(input, first).relevance, product, 1e-9)
  const explainer = await createExplainer(graph.bytes, gradient)
  try {
    const { relevance, logits } = await explainer.run(input, first)
    findings.compare('gradient in float32', relevance, exact.relevance, 1e-5, () => noiseOf().relevance) // prettier-ignore
    findings.compare('logits in float32', logits, slopes.logits, 1e-5, () => noiseOf().logits)
  } finally {
    await explainer.release()
  }
}
