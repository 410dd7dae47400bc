import type { CustomComposite, RuleSpec } from '../../../../src/shared/explanation/composite'
import type { MethodName } from '../../../../src/shared/explanation/method'
import { createExplainer, summariseLedger } from '../../../../src/engine/lrp/explainer'

interface Options {
  /** Rules of one's own, for the method `custom`. */
  readonly composite?: CustomComposite
  /** The node whose output's relevance is wanted as well. */
  readonly at?: string
  /** Class by class; the second is explained when absent. */
  readonly mask?: readonly number[]
  readonly batch?: number
}

/** One explanation; its ledger must balance, layer by layer and over the whole. */
export async function explained(
  bytes: Uint8Array,
  method: MethodName,
  input: Float32Array,
  { composite, at, mask = [0, 1], batch = 1 }: Options = {},
) {
  const explainer = await createExplainer(bytes, {
    method,
    parameters: {},
    start: method === 'gradient' ? 'unit' : 'logit',
    batch,
    ...(composite && { composite }),
    ...(at !== undefined && { at }),
  })
  const full = new Float32Array(batch * explainer.classCount)
  for (let sample = 0; sample < batch; sample++) full.set(mask, sample * explainer.classCount)
  const result = await explainer.run(input, full)
  await explainer.release()
  const { entries, balanced, largestResidual } = summariseLedger(result.ledger ?? [])
  if (result.ledger && !balanced) throw new Error(`a layer is off by ${largestResidual}`)
  const sum = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0)
  const kept = sum(entries.map((e) => e.bias + e.stabiliser + e.unexplained + e.residual))
  const scale = Math.max(1e-3, ...entries.map((entry) => Math.abs(entry.relevanceOut)))
  const missing = sum(result.startRelevance) - sum(result.relevance) - kept
  if (result.ledger && !(Math.abs(missing) / scale < 1e-4)) {
    throw new Error(`${missing} of ${scale} got lost between the layers`)
  }
  return { ...result, entries, relevanceAt: result.at?.values ?? new Float32Array() }
}

/** One rule for the first linear layer, epsilon for the others. */
export function firstLayer(apply: RuleSpec): CustomComposite {
  return {
    schema: 'pixelwise-composite/1',
    name: 'one rule',
    description: '',
    layers: [
      { select: { layer: 'first' }, apply },
      { select: { layer: 'any' }, apply: { rule: 'epsilon', epsilon: 1e-6 } },
    ],
    activations: 'pass',
    normalisations: 'pass',
    attention: 'half',
  }
}
