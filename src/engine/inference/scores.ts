import type { ClassScore } from '../../shared/explanation/result'

/** exp(z_i − max z) / Σ exp(z_j − max z), in double precision. */
export function softmax(logits: ArrayLike<number>): number[] {
  const values = Array.from(logits)
  const highest = values.reduce((best, value) => Math.max(best, value), -Infinity)
  const powers = values.map((value) => Math.exp(value - highest))
  const sum = powers.reduce((total, value) => total + value, 0)
  return powers.map((value) => value / sum)
}

/** The index of the largest value; the first one of equals. */
export function argmax(values: ArrayLike<number>): number {
  let best = 0
  for (let i = 1; i < values.length; i++) if ((values[i] ?? 0) > (values[best] ?? 0)) best = i
  return best
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

/** The best `count` classes by logit, best first; equal ones in the order of their indices. */
export function topScores(
  labels: readonly string[],
  logits: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  count = 5,
): ClassScore[] {
  return Array.from(logits, (logit, index) => ({ logit, index }))
    .toSorted((a, b) => b.logit - a.logit || a.index - b.index)
    .slice(0, count)
    .map(({ index }) => scoreOf(index, labels, logits, probabilities))
}
