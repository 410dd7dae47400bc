import { join } from 'node:path'
import type { ErrorShape } from '../../shared/errors'
import type { NewImage, NewSession, Store } from '../../store'
import type { Beginning, Engine } from '../handlers/services'
import { noneReadable, readModel } from '../import/createSession'
import { importImages } from '../import/importImages'
import { toErrorShape } from '../ipc/answer'
import type { Job } from '../jobs'
import { samples, type Sample } from './list'

const unwatched: Job = { signal: new AbortController().signal, onProgress: () => undefined }

/**
 * Which session to open: the last one, or on the first start the first of the ready-made ones,
 * which are made here. A sample that cannot be made becomes a notice; the program works without.
 * @param notices what the store had to say when it was opened.
 */
export async function begin(
  store: Store,
  engine: Engine,
  samplesFolder: string,
  notices: readonly ErrorShape[],
): Promise<Beginning> {
  if (store.sessions.hasSamples()) return { openSession: store.sessions.last(), notices }
  const ready: NewSession[] = []
  const failures: ErrorShape[] = []
  for (const sample of samples) {
    try {
      ready.push(await readSample(engine, samplesFolder, sample))
    } catch (thrown) {
      const error = toErrorShape(thrown)
      failures.push({
        ...error,
        message: `The sample “${sample.name}” could not be made: ${error.message}`,
      })
    }
  }
  // All in one go, without waiting in between: an early end leaves all of them or none.
  // The last one made heads the list of sessions, so the first sample is made last.
  const made = ready.toReversed().map((session) => store.sessions.create(session))
  return {
    openSession: store.sessions.last() ?? made.at(-1) ?? null,
    notices: [...notices, ...failures],
  }
}

async function readSample(
  engine: Engine,
  samplesFolder: string,
  sample: Sample,
): Promise<NewSession> {
  const priority = 'interactive'
  const modelPath = join(samplesFolder, sample.model)
  const { model } = await readModel(engine, unwatched, {
    modelPath,
    priority,
    missing: 'refuse',
  })
  const images: NewImage[] = []
  const paths = sample.images.map((image) => join(samplesFolder, image))
  const refused = await importImages(engine, paths, unwatched, priority, (batch) => {
    images.push(...batch)
  })
  if (images.length === 0) throw noneReadable(refused)
  return { name: sample.name, sample: true, model, images }
}
