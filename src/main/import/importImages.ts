import { basename } from 'node:path'
import type { ErrorShape } from '../../shared/errors'
import { toErrorShape } from '../ipc/answer'
import type { Job } from '../jobs'
import type { NewImage } from '../../store'
import type { Engine } from '../handlers/services'
import type { Priority } from '../engine/queue'

/** Pixels of a thumbnail's longer side: the filmstrip at double density, and the start screen. */
const thumbnailSize = 192

export interface Refused {
  readonly name: string
  readonly error: ErrorShape
}

/** Images held in memory at once, with their thumbnails, before they are stored. */
const batchSize = 32

/**
 * Reads images one after the other and hands them on in batches; one that cannot be read is
 * named in the result and stops nothing.
 * @throws AppError `cancelled` when the job is cancelled; batches handed on before remain.
 */
export async function importImages(
  engine: Engine,
  paths: readonly string[],
  job: Job,
  priority: Priority,
  keep: (images: readonly NewImage[]) => void | Promise<void>,
): Promise<Refused[]> {
  const refused: Refused[] = []
  let batch: NewImage[] = []
  for (const [index, path] of paths.entries()) {
    job.onProgress({ stage: 'Reading images', done: index, total: paths.length })
    const name = basename(path)
    try {
      const found = await engine.request(
        'inspectImage',
        { path, thumbnailSize },
        { priority, signal: job.signal },
      )
      batch.push({ path, name, ...found })
    } catch (thrown) {
      const error = toErrorShape(thrown)
      if (error.code === 'cancelled') throw thrown
      refused.push({ name, error })
    }
    if (batch.length === batchSize) {
      await keep(batch)
      batch = []
    }
  }
  if (batch.length > 0) await keep(batch)
  job.onProgress({ stage: 'Reading images', done: paths.length, total: paths.length })
  return refused
}
