import { isDeepStrictEqual } from 'node:util'
import { createHash } from 'node:crypto'
import { AppError } from '../../shared/errors'
import { sha256Schema } from '../../shared/hash'
import type { MissingRule } from '../../shared/explanation/method'
import type { ModelCard } from '../../shared/card'
import type { EngineResponse } from '../../shared/ipc/engine'
import type { SessionId } from '../../shared/session'
import type { NewImage, Store, StoredModel } from '../../store'
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
  /** Whether the gradient may stand in where a rule is missing. */
  readonly missing: MissingRule
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
  const { model, cardChanged } = await readModel(engine, job, wanted)
  const { name, imagePaths, priority } = wanted
  let id: SessionId | null = null
  try {
    const refused = await importImages(engine, imagePaths, job, priority, async (images) => {
      if (id !== null) {
        store.sessions.addImages(id, images)
        return
      }
      const [first] = images
      if (cardChanged && first) await tryOut(engine, job, model, first)
      id = store.sessions.create({ name, sample: false, model, images })
      if (wanted.missing === 'gradient') {
        const { view } = store.sessions.open(id)
        store.sessions.saveView(id, { ...view, missing: 'gradient' })
      }
    })
    if (id === null) throw noneReadable(refused)
    return { id, refused }
  } catch (thrown) {
    if (id !== null) store.sessions.remove(id)
    throw thrown
  }
}

/** A card that an expert has written may contradict the graph: better found before the session is. */
async function tryOut(
  engine: Engine,
  job: Job,
  { path, card, sha256, cardSha256 }: StoredModel,
  image: NewImage,
): Promise<void> {
  job.onProgress({ stage: 'Trying the model', done: 0, total: 0 })
  await engine.request(
    'predict',
    {
      model: { path, card, sha256, cardSha256 },
      image: { path: image.path, sha256: image.sha256 },
      scope: card.fit === 'tile' ? { kind: 'tile', x: 0, y: 0 } : { kind: 'whole' },
    },
    { priority: 'interactive', signal: job.signal },
  )
}

/**
 * The model as a session keeps it, and whether its card differs from the one that was found.
 * @throws AppError `unsupported-operator` when the model cannot be explained.
 */
export async function readModel(
  engine: Engine,
  job: Job,
  wanted: Pick<WantedSession, 'modelPath' | 'card' | 'priority' | 'missing'>,
): Promise<{ model: StoredModel; cardChanged: boolean }> {
  job.onProgress({ stage: 'Reading the model', done: 0, total: 0 })
  const found = await engine.request(
    'inspectModel',
    { path: wanted.modelPath, output: wanted.card?.output.name },
    { priority: wanted.priority, signal: job.signal },
  )
  refuseUnsupported(found, wanted.missing)
  const card = wanted.card ?? found.card
  const cardChanged = !isDeepStrictEqual(card, found.card)
  return {
    cardChanged,
    model: {
      path: wanted.modelPath,
      fileName: found.fileName,
      sha256: found.sha256,
      cardSha256: cardChanged ? cardHash(card) : found.cardSha256,
      card,
    },
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

function refuseUnsupported(found: EngineResponse<'inspectModel'>, rule: MissingRule): void {
  const coverage = (rule === 'gradient' ? found.byGradient : null) ?? found.coverage
  if (coverage.supported) return
  const missing = coverage.nodes.filter((node) => node.kind === 'missing')
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
