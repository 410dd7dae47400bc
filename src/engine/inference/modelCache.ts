import { canonicalJson } from '../../shared/canonicalJson'
import { AppError } from '../../shared/errors'
import type {
  Classifier,
  Explainer,
  ExplainerOptions,
  StartsExplainer,
} from '../lrp/explainerTypes'
import type { Compiler, GraphChoices } from './compiler'
import type { ModelFile } from './modelFile'

/**
 * Compiled sessions of one model at a time: changing class, start value or colour never compiles again; another
 * method or shape does, once.
 * The least recently used one is released when there are more than `capacity`; another model releases all.
 * Not for concurrent use: one request at a time.
 */
export interface ModelCache {
  classifier(model: ModelFile, batch: number, choices: GraphChoices): Promise<Classifier>
  explainer(model: ModelFile, options: ExplainerOptions): Promise<Explainer>
  startsExplainer(
    model: ModelFile,
    options: ExplainerOptions,
    starts: number,
  ): Promise<StartsExplainer>
  release(): Promise<void>
}

export function createModelCache(compiler: Compiler, capacity = 4): ModelCache {
  let sha256 = ''
  const classifiers = sessions<Classifier>(capacity)
  const explainers = sessions<Explainer>(capacity)
  // Several starts hold several maps at once, and who asks for them asks for all at once.
  const startsExplainers = sessions<StartsExplainer>(1)

  async function release(): Promise<void> {
    await classifiers.release()
    await explainers.release()
    await startsExplainers.release()
  }

  async function become(model: ModelFile): Promise<void> {
    if (model.sha256 === sha256) return
    await release()
    sha256 = model.sha256
  }

  return {
    release,
    async classifier(model, batch, choices) {
      await become(model)
      return classifiers.of({ batch, ...choices }, () =>
        orAlone(batch, (samples) => compiler.createClassifier(model, samples, choices)),
      )
    },
    async explainer(model, options) {
      await become(model)
      const explainer = await explainers.of(withoutStart(options), () =>
        orAlone(options.batch, (samples) =>
          compiler.createExplainer(model, { ...options, batch: samples }),
        ),
      )
      return explainer.startingAt(options.start)
    },
    async startsExplainer(model, options, starts) {
      await become(model)
      const madeFrom = { options: withoutStart(options), starts }
      const explainer = await startsExplainers.of(madeFrom, () =>
        compiler.createStartsExplainer(model, options, starts),
      )
      return explainer.startingAt(options.start)
    },
  }
}

/** What a session is made from: it serves either start value. */
function withoutStart({ start: _start, ...options }: ExplainerOptions): object {
  return options
}

/**
 * The last few sessions, by all that they were made from: whatever is added to the options later keeps
 * sessions apart, be it a rule of a composite or the node whose relevance is put out.
 */
function sessions<T extends { release(): Promise<void> }>(capacity: number) {
  let held: readonly { readonly key: string; readonly session: T }[] = []

  async function shrink(to: number): Promise<void> {
    for (const { session } of held.slice(to)) await session.release()
    held = held.slice(0, to)
  }

  return {
    release: () => shrink(0),
    async of(madeFrom: object, create: () => Promise<T>): Promise<T> {
      const key = canonicalJson(madeFrom)
      const known = held.find((entry) => entry.key === key)
      if (!known) await shrink(capacity - 1)
      const entry = known ?? { key, session: await create() }
      held = [entry, ...held.filter((other) => other !== entry)]
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
