import { checkSpec } from '../shared/explanation/checkSpec'
import {
  hasSinglePass,
  keepsLedger,
  type ExplanationSpec,
  type MethodName,
  type Target,
} from '../shared/explanation/method'
import type { Prediction } from '../shared/explanation/result'
import type { Compiler } from './inference/compiler'
import { explain, type RelevanceMap } from './inference/explain'
import { explainedOf, type Explained } from './inference/explained'
import { explainStarts } from './inference/explainStarts'
import { orAdvice } from './inference/missingRules'
import { createModelCache } from './inference/modelCache'
import { predict, type FullPrediction, type Report } from './inference/predict'
import { batchOf, optionsOf, type Subject } from './inference/subject'
import { resolveTarget } from './inference/target'

export interface Analysis {
  predict(subject: Subject, report: Report): Promise<Prediction>
  /** @param at the node whose output's relevance is wanted as well; of a single sample only. */
  explain(subject: Subject, spec: ExplanationSpec, report: Report, at?: string): Promise<Explained>
  /** Several questions about one input, in one run where the network's samples keep apart. */
  explainClasses(
    subject: Subject,
    spec: Omit<ExplanationSpec, 'target'>,
    targets: readonly Target[],
    report: Report,
    at?: string,
  ): Promise<{ readonly explanations: Explained[]; readonly sharedRun: boolean }>
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
    const { runtime } = subject.choices
    const key = JSON.stringify([model.sha256, input.sha256, sampling.scope, subject.key, runtime])
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

  function ledgerOf(method: MethodName, { ledger }: RelevanceMap) {
    return ledger && keepsLedger(method) ? compiler.summariseLedger(ledger) : null
  }

  async function explainOne(
    subject: Subject,
    spec: ExplanationSpec,
    report: Report,
    at?: string,
  ): Promise<Explained> {
    report('Compiling the explanation', 0, 0)
    checkSpec(spec)
    // First of all: what has no rule is refused before anything runs, and a missing class as well.
    const options = optionsOf(subject, spec, at)
    const explainer = await orAdvice(compiler, subject.model, options, () =>
      sessions.explainer(subject.model, options),
    )
    resolveTarget(spec.target, 0, explainer.classCount)
    const full = await predictFully(subject, report)
    const { prediction, labels } = full
    const target = resolveTarget(spec.target, prediction.top[0]?.index ?? 0, labels.length)
    const map = await explain(explainer, subject.sampling, target, prediction.logits, report)
    return explainedOf({
      ...{ subject, spec, full, target, explainer, map },
      ledger: ledgerOf(spec.method, map),
    })
  }

  /** All targets in one run; null where the network's samples do not keep apart. */
  async function explainTogether(
    subject: Subject,
    spec: Omit<ExplanationSpec, 'target'>,
    targets: readonly Target[],
    report: Report,
    at?: string,
  ): Promise<Explained[] | null> {
    report('Compiling the explanation', 0, 0)
    checkSpec(spec)
    const options = optionsOf(subject, spec, at)
    const explainer = await orAdvice(compiler, subject.model, options, () =>
      sessions.startsExplainer(subject.model, options, targets.length),
    )
    if (!explainer.shared) return null
    const full = await predictFully(subject, report)
    const { prediction, labels } = full
    const top = prediction.top[0]?.index ?? 0
    const asked = targets.map((target) => ({
      spec: { ...spec, target },
      target: resolveTarget(target, top, labels.length),
    }))
    const resolved = asked.map(({ target }) => target)
    const maps = await explainStarts(
      explainer,
      subject.sampling,
      resolved,
      prediction.logits,
      report,
    )
    return asked.flatMap((question, index) => {
      const map = maps[index]
      if (!map) return []
      const ledger = ledgerOf(spec.method, map)
      return [explainedOf({ ...question, subject, full, explainer, map, ledger })]
    })
  }

  return {
    release: sessions.release,
    predict: async (subject, report) => (await predictFully(subject, report)).prediction,
    explain: explainOne,

    async explainClasses(subject, spec, targets, report, at) {
      const together =
        targets.length > 1 && subject.sampling.count === 1 && hasSinglePass(spec.method)
      const shared = together ? await explainTogether(subject, spec, targets, report, at) : null
      if (shared) return { explanations: shared, sharedRun: true }
      const explanations: Explained[] = []
      for (const target of targets)
        explanations.push(await explainOne(subject, { ...spec, target }, report, at))
      return { explanations, sharedRun: false }
    },
  }
}
