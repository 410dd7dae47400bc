import type { ClassScore } from '../../shared/explanation/result'

/** exp(z_i − max z) / Σ exp(z_j − max z), in double precision. */
export function softmax(logits: ArrayLike<number>): number[] {
  const values = Array.from(logits)
  const highest = values.reduce((best, value) => Math.max(best, value), -Infinity)
  const powers = values.map((value) => Math.exp(value - highest))
  const sum = powers.reduce((total, value) => total + value, 0)
  return powers.map((value) => value / sum)
}

/** 1 / (1 + exp(−z)) of each logit: classes that do not exclude each other, or one class alone. */
export function sigmoids(logits: ArrayLike<number>): number[] {
  return Array.from(logits, (value) => 1 / (1 + Math.exp(-value)))
}

/** What makes probabilities of logits; a single logit has no others to be weighed against. */
export type ProbabilityKind = 'softmax' | 'sigmoid'

export function probabilitiesOf(kind: ProbabilityKind, logits: ArrayLike<number>): number[] {
  return kind === 'sigmoid' || logits.length === 1 ? sigmoids(logits) : softmax(logits)
}

/** Names for classes that nobody named. */
export function numberedLabels(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `class ${index}`)
}

export function scoreOf(
  index: number,
  labels: readonly string[],
  logits: ArrayLike<number>,
  probabilities: ArrayLike<number>,
): ClassScore {
  return {
    index,
    label: labels[index] ?? `class ${index}`,
    logit: logits[index] ?? Number.NaN,
    probability: probabilities[index] ?? Number.NaN,
  }
}

/**
 * The best `count` classes, best first: by probability, then logit, then index. For one sample that is
 * the order of the logits; for tiles it is the order of the mean probabilities, which are what is shown.
 */
export function topScores(
  labels: readonly string[],
  logits: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  count = 5,
): ClassScore[] {
  return Array.from(logits, (_, index) => scoreOf(index, labels, logits, probabilities))
    .toSorted((a, b) => b.probability - a.probability || b.logit - a.logit || a.index - b.index)
    .slice(0, count)
}
