import { keepsLedger, type ExplanationSpec } from '../shared/explanation/method'
import type { ExplanationResult, Prediction } from '../shared/explanation/result'
import type { Sha256 } from '../shared/hash'
import { batchSize } from './inference/batches'
import type { Compiler, GraphChoices } from './inference/compiler'
import { explain } from './inference/explain'
import { createModelCache } from './inference/modelCache'
import type { ModelFile } from './inference/modelFile'
import { predict, type FullPrediction, type Report } from './inference/predict'
import type { Sampling } from './inference/sampling'
import { scoreOf } from './inference/scores'
import { resolveTarget } from './inference/target'
import { versions } from './versions'

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

export interface Analysis {
  predict(subject: Subject, report: Report): Promise<Prediction>
  /** @returns relevance as float32, channels first, in the result's shape. */
  explain(
    subject: Subject,
    spec: ExplanationSpec,
    report: Report,
  ): Promise<{ result: ExplanationResult; relevance: Float32Array<ArrayBuffer> }>
  /** Frees all sessions. */
  release(): Promise<void>
}

/** Remembered predictions: choosing another class or method never runs the forward pass again. */
const rememberedPredictions = 64

/** Not for concurrent use: one request at a time, as the engine process serves them. */
export function createAnalysis(compiler: Compiler): Analysis {
  const sessions = createModelCache(compiler)
  const predictions = new Map<string, FullPrediction>()

  async function predictFully(subject: Subject, report: Report): Promise<FullPrediction> {
    const { model, input, sampling, labels } = subject
    const key = JSON.stringify([model.sha256, input.sha256, sampling.scope, subject.key])
    const known = predictions.get(key)
    if (known) return known
    report('Preparing the model', 0, 0)
    const classifier = await sessions.classifier(model, batchOf(sampling), subject.choices)
    const full = await predict(classifier, sampling, labels, report)
    const oldest = predictions.keys().next()
    if (predictions.size >= rememberedPredictions && !oldest.done) predictions.delete(oldest.value)
    predictions.set(key, full)
    return full
  }

  return {
    release: sessions.release,
    predict: async (subject, report) => (await predictFully(subject, report)).prediction,

    async explain(subject, spec, report) {
      const { model, sampling } = subject
      report('Compiling the explanation', 0, 0)
      // First of all: what has no rule is refused before anything runs, and a missing class as well.
      const explainer = await sessions.explainer(model, {
        method: spec.method,
        parameters: parametersOf(subject, spec),
        start: spec.start,
        batch: batchOf(sampling),
        ...subject.choices,
      })
      resolveTarget(spec.target, 0, explainer.classCount)
      const { prediction, probabilities, labels } = await predictFully(subject, report)
      const target = resolveTarget(spec.target, prediction.top[0]?.index ?? 0, labels.length)
      const map = await explain(explainer, sampling, target, prediction.logits, report)
      const score = (index: number) => scoreOf(index, labels, prediction.logits, probabilities)
      return {
        relevance: map.relevance,
        result: {
          schema: 'pixelwise-explanation/1',
          spec,
          prediction,
          explained: score(target.index),
          against: target.against === null ? null : score(target.against),
          shape: [...map.shape],
          region: sampling.region,
          startRelevance: map.startRelevance,
          sumRelevance: map.sumRelevance,
          ledger:
            map.ledger && keepsLedger(spec.method) ? compiler.summariseLedger(map.ledger) : null,
          conventions: [...explainer.conventions, ...map.conventions, ...sampling.conventions],
          model: {
            name: subject.name,
            version: subject.version,
            sha256: model.sha256,
            cardSha256: subject.cardSha256,
          },
          input: subject.input,
          provider: explainer.provider,
          milliseconds: {
            compile: explainer.compileMs,
            forward: prediction.forwardMs,
            explanation: map.explanationMs,
          },
          versions: versions(),
        },
      }
    },
  }
}

function batchOf(sampling: Sampling): number {
  return batchSize(sampling.count, sampling.map.sample)
}

/** The box defaults to what black and white pixels become; nothing else is filled in here. */
function parametersOf(subject: Subject, { method, parameters }: ExplanationSpec) {
  if (method !== 'epsilon-gamma-box' || !subject.bounds) return parameters
  return { ...subject.bounds, ...parameters }
}
