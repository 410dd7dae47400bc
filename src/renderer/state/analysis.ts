import { createStore, type StoreApi } from 'zustand/vanilla'
import { pixelRelevance, type RelevanceMap } from '../../shared/colour/heatmap'
import { AppError, type ErrorShape } from '../../shared/errors'
import type { ExplanationSpec } from '../../shared/explanation/method'
import type { ExplanationResult, Prediction } from '../../shared/explanation/result'
import type { JobId } from '../../shared/ipc/contract'
import type { Progress } from '../../shared/ipc/engine'
import type { ImageId } from '../../shared/session'
import { newJobId, type Api } from '../api/client'
import { explanationKey, predictionKey } from './analysisKeys'
import { createByteCache } from './byteCache'

export interface Explanation {
  readonly key: string
  readonly imageId: ImageId
  readonly result: ExplanationResult
  /** Relevance a pixel, summed over channels. */
  readonly map: RelevanceMap
}

export interface AnalysisJob {
  readonly jobId: JobId
  readonly imageId: ImageId
  readonly kind: 'predict' | 'explain'
  readonly progress: Progress
}

export interface AnalysisState {
  readonly imageId: ImageId | null
  /** Of `imageId`; may still be that of the previous scope while a job runs. */
  readonly prediction: Prediction | null
  /** Of `imageId`; the previous one stays while a job runs. */
  readonly explanation: Explanation | null
  readonly job: AnalysisJob | null
  readonly error: ErrorShape | null
  /** The user stopped the job; nothing starts again by itself. */
  readonly cancelled: boolean
}

export interface AnalysisService {
  readonly store: StoreApi<AnalysisState>
  /** Predicts and explains; the latest request wins, cached results come at once. */
  readonly request: (imageId: ImageId, spec: ExplanationSpec) => Promise<void>
  /** Stops the running job at the user's wish; what was shown stays. */
  readonly cancel: () => void
  /** Lets go of all results, so that they are asked for again; what is shown stays. */
  readonly forget: () => void
  /** Leaves the image: nothing is shown any more. */
  readonly clear: () => void
}

/**
 * Cancelling ends the engine's process, so leafing through images quickly asks once, at the end.
 * Milliseconds.
 */
const settleMs = 150

const pause = (milliseconds: number) =>
  new Promise<void>((done) => {
    setTimeout(done, milliseconds)
  })

const cacheBudget = 256 * 1024 * 1024

export function createAnalysis(api: Api): AnalysisService {
  const empty: AnalysisState = {
    imageId: null,
    prediction: null,
    explanation: null,
    job: null,
    error: null,
    cancelled: false,
  }
  const store = createStore<AnalysisState>(() => empty)
  const explanations = createByteCache<Explanation>(cacheBudget, ({ map }) => map.values.byteLength)
  const predictions = new Map<string, Prediction>()
  /** Of the request that counts; an older one finds another number and gives up. */
  let turn = 0
  let lastAsked = Number.NEGATIVE_INFINITY

  api.on('job.progress', ({ jobId, progress }) => {
    const { job } = store.getState()
    if (job?.jobId === jobId) store.setState({ job: { ...job, progress } })
  })

  /** True when there was one. */
  function stopJob(): boolean {
    const { job } = store.getState()
    if (!job) return false
    // Whether the job had already ended does not matter: its answer is no longer wanted.
    api.call('jobs.cancel', { jobId: job.jobId }).catch(() => undefined)
    store.setState({ job: null })
    return true
  }

  function startJob(imageId: ImageId, kind: AnalysisJob['kind']): JobId {
    const jobId = newJobId()
    const stage = kind === 'predict' ? 'Predicting' : 'Explaining'
    store.setState({ job: { jobId, imageId, kind, progress: { stage, done: 0, total: 0 } } })
    return jobId
  }

  async function run(mine: number, imageId: ImageId, spec: ExplanationSpec): Promise<void> {
    const scopeKey = predictionKey(imageId, spec.scope)
    let prediction = predictions.get(scopeKey)
    if (!prediction) {
      const jobId = startJob(imageId, 'predict')
      prediction = await api.call('analysis.predict', { jobId, imageId, scope: spec.scope })
      predictions.set(scopeKey, prediction)
    }
    if (mine !== turn) return
    store.setState({ prediction })
    const jobId = startJob(imageId, 'explain')
    const { result, relevance } = await api.call('analysis.explain', { jobId, imageId, spec })
    const key = explanationKey(imageId, spec)
    const map = pixelRelevance(new Float32Array(relevance), result.shape)
    const explanation: Explanation = { key, imageId, result, map }
    explanations.set(key, explanation)
    if (mine === turn) store.setState({ explanation, job: null })
  }

  return {
    store,
    request: async (imageId, spec) => {
      turn += 1
      const mine = turn
      const stopped = stopJob()
      const hurried = stopped || performance.now() - lastAsked < settleMs
      lastAsked = performance.now()
      if (store.getState().imageId !== imageId) store.setState({ ...empty, imageId })
      store.setState({ error: null, cancelled: false })
      const known = explanations.get(explanationKey(imageId, spec))
      if (known) {
        store.setState({ explanation: known, prediction: known.result.prediction })
        return
      }
      try {
        if (hurried) await pause(settleMs)
        if (mine !== turn) return
        await run(mine, imageId, spec)
      } catch (thrown) {
        if (mine !== turn) return
        const error = AppError.from(thrown)
        store.setState(
          error.code === 'cancelled'
            ? { job: null, cancelled: true }
            : { job: null, error: error.toShape() },
        )
      }
    },
    cancel: () => {
      if (!store.getState().job) return
      turn += 1
      stopJob()
      store.setState({ cancelled: true })
    },
    forget: () => {
      explanations.clear()
      predictions.clear()
    },
    clear: () => {
      turn += 1
      stopJob()
      store.setState(empty)
    },
  }
}
