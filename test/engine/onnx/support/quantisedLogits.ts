import { createClassifier, createExplainer } from '../../../../src/engine/lrp/explainer'
import { handModel, type HandModel } from './handModel'

/** Logits of the network that is explained, and of the model's own prediction. */
export async function logitsOf(hand: HandModel, input: readonly number[]) {
  const bytes = handModel(hand)
  const values = Float32Array.from(input)
  const classifier = await createClassifier(bytes, 1)
  const own = Array.from(await classifier.run(values))
  await classifier.release()
  const explainer = await createExplainer(bytes, {
    method: 'epsilon',
    parameters: {},
    start: 'logit',
    batch: 1,
  })
  const mask = new Float32Array(explainer.classCount).fill(1)
  const { logits, relevance } = await explainer.run(values, mask)
  await explainer.release()
  return { own, real: Array.from(logits), relevance: Array.from(relevance), explainer }
}
