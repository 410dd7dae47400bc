import { AppError } from '../../shared/errors'
import type { Classifier, Explainer, ExplainerOptions } from '../lrp/explainerTypes'
import type { Compiler, GraphChoices } from './compiler'
import type { ModelFile } from './modelFile'

interface Held {
  readonly key: string
  readonly session: Classifier | Explainer
}

/**
 * Compiled sessions of one model at a time: changing class, start value or colour never compiles again.
 * The least recently used one is released when there are more than `capacity`; another model releases all.
 * Not for concurrent use: one request at a time.
 */
export interface ModelCache {
  classifier(model: ModelFile, batch: number, choices: GraphChoices): Promise<Classifier>
  explainer(model: ModelFile, options: ExplainerOptions): Promise<Explainer>
  release(): Promise<void>
}

export function createModelCache(compiler: Compiler, capacity = 4): ModelCache {
  let sha256 = ''
  let classifiers: readonly (Held & { readonly session: Classifier })[] = []
  let explainers: readonly (Held & { readonly session: Explainer })[] = []

  async function release(): Promise<void> {
    const all = [...classifiers, ...explainers]
    classifiers = []
    explainers = []
    for (const { session } of all) await session.release()
  }

  async function become(model: ModelFile): Promise<void> {
    if (model.sha256 === sha256) return
    await release()
    sha256 = model.sha256
  }

  async function shrink<H extends Held>(held: readonly H[], to: number): Promise<readonly H[]> {
    for (const { session } of held.slice(to)) await session.release()
    return held.slice(0, to)
  }

  return {
    release,
    async classifier(model, batch, choices) {
      await become(model)
      const key = JSON.stringify([
        batch,
        choices.sampleShape,
        choices.inputName,
        choices.outputName,
      ])
      const known = classifiers.find((entry) => entry.key === key)
      if (!known) classifiers = await shrink(classifiers, capacity - 1)
      const entry = known ?? {
        key,
        session: await orAlone(batch, (samples) =>
          compiler.createClassifier(model, samples, choices),
        ),
      }
      classifiers = [entry, ...classifiers.filter((other) => other !== entry)]
      return entry.session
    },
    async explainer(model, options) {
      await become(model)
      const { method, start, batch, parameters, sampleShape, inputName, outputName } = options
      const { epsilon, gamma, low, high } = parameters
      const box = [epsilon, gamma, low, high]
      const key = JSON.stringify([method, start, batch, box, sampleShape, inputName, outputName])
      const known = explainers.find((entry) => entry.key === key)
      if (!known) explainers = await shrink(explainers, capacity - 1)
      const entry = known ?? {
        key,
        session: await orAlone(batch, (samples) =>
          compiler.createExplainer(model, { ...options, batch: samples }),
        ),
      }
      explainers = [entry, ...explainers.filter((other) => other !== entry)]
      return entry.session
    },
  }
}

/** Some models leave their batch open and are yet written for one sample at a time. */
async function orAlone<T>(batch: number, create: (batch: number) => Promise<T>): Promise<T> {
  try {
    return await create(batch)
  } catch (error) {
    const mayRunAlone = error instanceof AppError && error.code === 'invalid-model' && batch > 1
    if (!mayRunAlone) throw error
    return create(1)
  }
}
