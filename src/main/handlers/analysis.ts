import { AppError, type ErrorCode } from '../../shared/errors'
import type { ExplanationSpec } from '../../shared/explanation/method'
import type { ChannelResponse } from '../../shared/ipc/contract'
import type { Explanations } from '../../store'
import type { EngineRequest } from '../../shared/ipc/engine'
import type { ImageId } from '../../shared/session'
import { toArrayBuffer } from '../files/bytes'
import { locate } from '../files/locate'
import type { AreaHandlers, Services } from './services'

const recomputable: ReadonlySet<ErrorCode> = new Set(['not-found', 'storage-corrupt'])

/** Results are kept: what was computed once is never computed again. */
export function analysisHandlers({
  store,
  engine,
  provider,
  jobs,
  resources,
}: Services): AreaHandlers<'analysis'> {
  /** What the engine needs to know of an image and of the model of its session. */
  async function subject(imageId: ImageId): Promise<Omit<EngineRequest<'predict'>, 'scope'>> {
    const record = store().images.record(imageId)
    const { path, card, sha256, cardSha256 } = store().sessions.model(record.sessionId)
    return {
      model: { path: await locate(path, resources.samples), card, sha256, cardSha256 },
      image: { path: await locate(record.path, resources.samples), sha256: record.sha256 },
    }
  }

  /** Who asks for the CPU asks for its numbers; any other choice is one of speed. */
  function serves(kept: { readonly provider: string }): boolean {
    return store().settings.get().provider !== 'cpu' || kept.provider === 'cpu'
  }

  return {
    'analysis.predict': ({ jobId, imageId, scope }) =>
      jobs.run(jobId, async ({ signal, onProgress }) => {
        const { predictions } = store()
        const kept = predictions.find(imageId, scope)
        if (kept && serves(kept)) return kept
        const prediction = await engine.request(
          'predict',
          { ...(await subject(imageId)), scope, provider: provider() },
          { priority: 'interactive', signal, onProgress },
        )
        predictions.save(imageId, prediction)
        return prediction
      }),
    'analysis.explain': ({ jobId, imageId, spec }) =>
      jobs.run(jobId, async ({ signal, onProgress }) => {
        const { explanations } = store()
        const kept = await keptExplanation(explanations, imageId, spec)
        if (kept && serves(kept.result)) return kept
        const { result, relevance } = await engine.request(
          'explain',
          { ...(await subject(imageId)), spec, provider: provider() },
          { priority: 'interactive', signal, onProgress },
        )
        await explanations.save(imageId, result, relevance)
        return { result, relevance: toArrayBuffer(relevance) }
      }),
  }
}

/** An explanation whose array is gone or damaged counts as not kept: it is computed again. */
async function keptExplanation(
  explanations: Explanations,
  imageId: ImageId,
  spec: ExplanationSpec,
): Promise<ChannelResponse<'analysis.explain'> | null> {
  const kept = explanations.find(imageId, spec)
  if (!kept) return null
  try {
    const relevance = await explanations.relevance(kept.relevanceSha256)
    return { result: kept.result, relevance: toArrayBuffer(relevance) }
  } catch (thrown) {
    if (thrown instanceof AppError && recomputable.has(thrown.code)) return null
    throw thrown
  }
}
