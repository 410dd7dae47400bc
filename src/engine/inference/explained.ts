import type { ExplanationSpec } from '../../shared/explanation/method'
import { reproducibilityOf } from '../../shared/explanation/provider'
import type { ExplanationResult, Ledger } from '../../shared/explanation/result'
import type { Explainer, Explanation } from '../lrp/explainerTypes'
import { versions } from '../versions'
import type { RelevanceMap } from './explain'
import type { FullPrediction } from './predict'
import { scoreOf } from './scores'
import type { Subject } from './subject'
import type { ResolvedTarget } from './target'

export interface Explained {
  readonly result: ExplanationResult
  /** float32, channels first, in the result's shape. */
  readonly relevance: Float32Array<ArrayBuffer>
  /** At the node asked for. */
  readonly at: Explanation['at']
}

interface Made {
  readonly subject: Subject
  readonly spec: ExplanationSpec
  readonly full: FullPrediction
  readonly target: ResolvedTarget
  readonly explainer: Pick<Explainer, 'conventions' | 'runsOn' | 'compileMs'>
  readonly map: RelevanceMap
  /** The map's ledger, summed up. */
  readonly ledger: Ledger | null
}

/** The map with all that decided it. */
export function explainedOf({
  subject,
  spec,
  full,
  target,
  explainer,
  map,
  ledger,
}: Made): Explained {
  const { prediction, probabilities, labels } = full
  const { runsOn } = explainer
  const score = (index: number) => scoreOf(index, labels, prediction.logits, probabilities)
  return {
    relevance: map.relevance,
    at: map.at,
    result: {
      schema: 'pixelwise-explanation/1',
      spec,
      prediction,
      explained: score(target.index),
      against: target.against === null ? null : score(target.against),
      shape: [...map.shape],
      region: subject.sampling.region,
      startRelevance: map.startRelevance,
      sumRelevance: map.sumRelevance,
      ledger,
      ...(map.measures.length > 0 && { measures: [...map.measures] }),
      conventions: [
        ...explainer.conventions,
        ...map.conventions,
        ...subject.sampling.conventions,
        reproducibilityOf(runsOn.provider),
      ],
      model: {
        name: subject.name,
        version: subject.version,
        sha256: subject.model.sha256,
        cardSha256: subject.cardSha256,
      },
      input: subject.input,
      provider: runsOn.provider,
      threads: runsOn.threads,
      notices: [...new Set([...runsOn.notices, ...prediction.notices])],
      milliseconds: {
        compile: explainer.compileMs,
        forward: prediction.forwardMs,
        explanation: map.explanationMs,
      },
      versions: versions(),
    },
  }
}
