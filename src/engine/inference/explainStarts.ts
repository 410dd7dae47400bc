import type { StartsExplainer } from '../lrp/explainerTypes'
import { explain, type RelevanceMap } from './explain'
import type { Report } from './predict'
import type { Sampling } from './sampling'
import { targetMask, type ResolvedTarget } from './target'

/**
 * Explains the one sample for several targets in one run; each map as `explain` would make it.
 * @param targets as many as the explainer has starts.
 * @throws AppError as `explain` does.
 */
export async function explainStarts(
  explainer: StartsExplainer,
  sampling: Sampling,
  targets: readonly ResolvedTarget[],
  predicted: readonly number[],
  report: Report,
): Promise<RelevanceMap[]> {
  const { classCount } = explainer
  const input = new Float32Array(sampling.sampleSize)
  sampling.fill(0, input)
  const masks = new Float32Array(targets.length * classCount)
  for (const [row, target] of targets.entries())
    masks.set(targetMask(target, classCount, 1, 1), row * classCount)
  report('Explaining', 0, 1)
  const started = performance.now()
  const explanations = await explainer.run(input, masks)
  const explanationMs = performance.now() - started
  const maps: RelevanceMap[] = []
  for (const [index, explanation] of explanations.entries()) {
    const target = targets[index]
    if (!target) continue
    const done = { ...explainer, run: () => Promise.resolve(explanation) }
    const map = await explain(done, sampling, target, predicted, report)
    maps.push({ ...map, explanationMs })
  }
  return maps
}
