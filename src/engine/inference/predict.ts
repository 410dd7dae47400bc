import { counted } from '../../shared/counted'
import { AppError } from '../../shared/errors'
import type { Prediction } from '../../shared/explanation/result'
import type { Classifier } from '../lrp/explainerTypes'
import { averagePredictions } from '../tiles/average'
import { batches } from './batches'
import type { Sampling } from './sampling'
import { numberedLabels, topScores } from './scores'

export type Report = (stage: string, done: number, total: number) => void

/** A prediction together with the probabilities of all classes. */
export interface FullPrediction {
  readonly prediction: Prediction
  readonly probabilities: readonly number[]
  /** In the order of the logits. */
  readonly labels: readonly string[]
}

/**
 * Runs the classifier over all samples; logits and probabilities are means over them.
 * @throws AppError `invalid-model` when a logit is not a number, `invalid-card` when labels are missing.
 */
export async function predict(
  classifier: Classifier,
  sampling: Sampling,
  givenLabels: readonly string[] | null,
  report: Report,
): Promise<FullPrediction> {
  const batch = classifier.inputShape[0] ?? 1
  checkInput(classifier.inputShape, sampling)
  const labels = givenLabels ?? numberedLabels(classifier.classCount)
  checkLabels(labels, classifier.classCount)
  const mean = averagePredictions(classifier.classCount, classifier.probabilities)
  let forwardMs = 0
  report('Predicting', 0, sampling.count)
  for (const { first, used, input } of batches(
    sampling.count,
    batch,
    sampling.sampleSize,
    sampling.fill,
  )) {
    const started = performance.now()
    const logits = await classifier.run(input)
    forwardMs += performance.now() - started
    for (let k = 0; k < used; k++)
      mean.add(logits.subarray(k * classifier.classCount, (k + 1) * classifier.classCount))
    report('Predicting', first + used, sampling.count)
  }
  const logits = mean.logits()
  if (!logits.every(Number.isFinite)) throw notANumber('a logit')
  const probabilities = mean.probabilities()
  return {
    labels,
    probabilities,
    prediction: {
      scope: sampling.scope,
      logits,
      top: topScores(labels, logits, probabilities),
      region: sampling.region,
      tiling: sampling.tiling,
      provider: classifier.runsOn.provider,
      threads: classifier.runsOn.threads,
      notices: [...classifier.runsOn.notices],
      forwardMs,
    },
  }
}

export function notANumber(what: string): AppError {
  return new AppError(
    'invalid-model',
    `The model computed ${what} that is not a finite number for this input, so there is nothing to show.`,
    'Check the model’s weights and the scaling in its card.',
  )
}

function checkInput(shape: readonly number[], sampling: Sampling): void {
  const wanted = shape.slice(1).reduce((product, size) => product * size, 1)
  if (wanted === sampling.sampleSize) return
  throw new AppError(
    'invalid-input',
    `The model takes ${shape.slice(1).join('×')} numbers, the input has ${sampling.sampleSize}.`,
    'Check the input’s size against the model (inspect shows it).',
  )
}

function checkLabels(labels: readonly string[], classCount: number): void {
  if (labels.length === classCount) return
  throw new AppError(
    'invalid-card',
    `The card contradicts the model: it names ${counted(labels.length, 'label')}, the model has ${counted(classCount, 'class')}.`,
    'Correct the card, or remove it to get a proposal.',
  )
}
