import type { ExplanationSpec } from '../../shared/explanation/method'
import type { Sha256 } from '../../shared/hash'
import type { ExplainerOptions } from '../lrp/explainerTypes'
import { batchSize } from './batches'
import type { GraphChoices } from './compiler'
import type { ModelFile } from './modelFile'
import type { Sampling } from './sampling'

/** One model before one input: all that decides a prediction. */
export interface Subject {
  readonly model: ModelFile
  readonly name: string
  readonly version: string
  readonly cardSha256: Sha256 | null
  /** In the order of the logits; null numbers the classes. */
  readonly labels: readonly string[] | null
  /** What black and white become, per channel: the zBox rule's box where none is given. */
  readonly bounds: { readonly low: number[]; readonly high: number[] } | null
  readonly sampling: Sampling
  readonly choices: GraphChoices
  readonly input: { readonly sha256: Sha256; readonly width: number; readonly height: number }
  /** Tells apart everything above that the hashes of model and input do not. */
  readonly key: string
}

/** What a question to a subject asks of the compiler. @param at the node whose relevance is wanted as well. */
export function optionsOf(
  subject: Subject,
  spec: Omit<ExplanationSpec, 'target'>,
  at: string | undefined,
): ExplainerOptions {
  const { method, start, composite, missing } = spec
  return {
    method,
    parameters: parametersOf(subject, spec),
    start,
    composite,
    missing,
    at,
    batch: batchOf(subject.sampling),
    layout: subject.sampling.map.layout,
    ...subject.choices,
  }
}

export function batchOf(sampling: Sampling): number {
  return batchSize(sampling.count, sampling.map.sample)
}

/** The box of zBox and of a baseline defaults to what black and white pixels become; nothing else is filled in here. */
function parametersOf(
  subject: Subject,
  { method, parameters }: Pick<ExplanationSpec, 'method' | 'parameters'>,
) {
  const { baseline } = parameters
  const asksBounds = method === 'epsilon-gamma-box' || baseline === 'low' || baseline === 'high'
  if (!asksBounds || !subject.bounds) return parameters
  return { ...subject.bounds, ...parameters }
}
