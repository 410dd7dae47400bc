import { isDeepStrictEqual } from 'node:util'
import { createHash } from 'node:crypto'
import { AppError } from '../../shared/errors'
import { sha256Schema } from '../../shared/hash'
import type { ModelCard } from '../../shared/card'
import type { EngineResponse } from '../../shared/ipc/engine'
import type { SessionId } from '../../shared/session'
import type { StoredModel, Store } from '../../store'
import type { Engine } from '../handlers/services'
import type { Priority } from '../engine/queue'
import type { Job } from '../jobs'
import { importImages, type Refused } from './importImages'

export interface WantedSession {
  readonly name: string
  readonly modelPath: string
  /** As the expert confirmed it; as found beside the model when absent. */
  readonly card?: ModelCard
  readonly imagePaths: readonly string[]
  readonly priority: Priority
}

/**
 * Makes a session of a model and images, whole or not at all.
 * @throws AppError `unsupported-operator` when the model cannot be explained, `invalid-image`
 * when not one image could be read, `cancelled`.
 */
export async function createSession(
  store: Store,
  engine: Engine,
  job: Job,
  wanted: WantedSession,
): Promise<{ id: SessionId; refused: Refused[] }> {
  const model = await readModel(engine, job, wanted)
  let id: SessionId | null = null
  try {
    const refused = await importImages(
      engine,
      wanted.imagePaths,
      job,
      wanted.priority,
      (images) => {
        if (id === null) {
          id = store.sessions.create({ name: wanted.name, sample: false, model, images })
        } else {
          store.sessions.addImages(id, images)
        }
      },
    )
    if (id === null) throw noneReadable(refused)
    return { id, refused }
  } catch (thrown) {
    if (id !== null) store.sessions.remove(id)
    throw thrown
  }
}

/**
 * The model as a session keeps it.
 * @throws AppError `unsupported-operator` when the model cannot be explained.
 */
export async function readModel(
  engine: Engine,
  job: Job,
  wanted: Pick<WantedSession, 'modelPath' | 'card' | 'priority'>,
): Promise<StoredModel> {
  job.onProgress({ stage: 'Reading the model', done: 0, total: 0 })
  const found = await engine.request(
    'inspectModel',
    { path: wanted.modelPath },
    { priority: wanted.priority, signal: job.signal },
  )
  refuseUnsupported(found)
  const card = wanted.card ?? found.card
  return {
    path: wanted.modelPath,
    fileName: found.fileName,
    sha256: found.sha256,
    cardSha256: isDeepStrictEqual(card, found.card) ? found.cardSha256 : cardHash(card),
    card,
  }
}

/** @throws AppError with what was wrong with the first file. */
export function noneReadable(refused: readonly Refused[]): AppError {
  const first = refused[0]
  return new AppError(
    'invalid-image',
    first === undefined
      ? 'There is no image to add.'
      : `None of the images could be read. The first, ${first.name}: ${first.error.message}`,
    first?.error.hint ?? 'Choose PNG or JPEG images.',
  )
}

function refuseUnsupported(found: EngineResponse<'inspectModel'>): void {
  if (found.coverage.supported) return
  const missing = found.coverage.nodes.filter((node) => node.kind === 'missing')
  const named = missing.slice(0, 3).map((node) => `${node.node} (${node.operator})`)
  const more = missing.length > 3 ? ` and ${String(missing.length - 3)} more` : ''
  throw new AppError(
    'unsupported-operator',
    `This model has operators that cannot be explained: ${named.join(', ')}${more}.`,
    'Export the model without them, or choose another one.',
  )
}

/** A card the expert confirmed has no file, so its JSON stands for it. */
function cardHash(card: ModelCard) {
  return sha256Schema.parse(createHash('sha256').update(JSON.stringify(card)).digest('hex'))
}
