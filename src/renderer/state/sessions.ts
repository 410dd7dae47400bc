import { createStore, type StoreApi } from 'zustand/vanilla'
import { AppError, type ErrorShape } from '../../shared/errors'
import type { Progress } from '../../shared/ipc/engine'
import type { JobId } from '../../shared/ipc/contract'
import type {
  ChosenFile,
  ImageId,
  Session,
  SessionId,
  SessionImage,
  SessionSummary,
} from '../../shared/session'
import { newJobId, type Api } from '../api/client'

export interface RefusedFile {
  readonly name: string
  readonly error: ErrorShape
}

export interface ImportJob {
  readonly jobId: JobId
  readonly count: number
  readonly progress: Progress
}

export interface SessionsState {
  /** Null until they have been read. */
  readonly summaries: readonly SessionSummary[] | null
  readonly session: Session | null
  /** The image in review. */
  readonly imageId: ImageId | null
  readonly importing: ImportJob | null
  /** Files that the last import could not read. */
  readonly refused: readonly RefusedFile[]
}

export interface SessionsService {
  readonly store: StoreApi<SessionsState>
  readonly refresh: () => Promise<void>
  readonly open: (id: SessionId) => Promise<Session>
  /** Takes a session that main has just made or changed. */
  readonly take: (session: Session) => void
  readonly show: (imageId: ImageId | null) => void
  readonly rename: (id: SessionId, name: string) => Promise<void>
  readonly remove: (id: SessionId) => Promise<void>
  readonly patchImage: (imageId: ImageId, patch: Partial<SessionImage>) => void
  /** Runs an import under a job that can be cancelled. */
  readonly runImport: <T extends { refused: RefusedFile[] }>(
    count: number,
    work: (jobId: JobId) => Promise<T>,
  ) => Promise<T>
  readonly addImages: (files: readonly ChosenFile[]) => Promise<number>
  readonly cancelImport: () => void
  readonly clearRefused: () => void
}

export function createSessions(api: Api): SessionsService {
  const store = createStore<SessionsState>(() => ({
    summaries: null,
    session: null,
    imageId: null,
    importing: null,
    refused: [],
  }))

  api.on('job.progress', ({ jobId, progress }) => {
    const { importing } = store.getState()
    if (importing?.jobId === jobId) store.setState({ importing: { ...importing, progress } })
  })

  async function refresh(): Promise<void> {
    store.setState({ summaries: await api.call('sessions.list', undefined) })
  }

  async function runImport<T extends { refused: RefusedFile[] }>(
    count: number,
    work: (jobId: JobId) => Promise<T>,
  ): Promise<T> {
    const jobId = newJobId()
    const progress = { stage: 'Reading images', done: 0, total: count }
    store.setState({ importing: { jobId, count, progress }, refused: [] })
    try {
      const result = await work(jobId)
      store.setState({ refused: result.refused })
      return result
    } finally {
      store.setState({ importing: null })
    }
  }

  return {
    store,
    refresh,
    open: async (id) => {
      const session = await api.call('sessions.open', { id })
      store.setState({ session, imageId: null })
      return session
    },
    take: (session) => {
      store.setState({ session })
    },
    show: (imageId) => {
      store.setState({ imageId })
    },
    rename: async (id, name) => {
      await api.call('sessions.rename', { id, name })
      store.setState(({ session }) => (session?.id === id ? { session: { ...session, name } } : {}))
      await refresh()
    },
    remove: async (id) => {
      await api.call('sessions.remove', { id })
      store.setState(({ session }) => (session?.id === id ? { session: null, imageId: null } : {}))
      await refresh()
    },
    patchImage: (imageId, patch) => {
      store.setState(({ session }) => {
        if (!session) return {}
        const index = session.images.findIndex((image) => image.id === imageId)
        const image = session.images[index]
        if (!image) return {}
        return {
          session: { ...session, images: session.images.with(index, { ...image, ...patch }) },
        }
      })
    },
    runImport,
    addImages: async (files) => {
      const { session } = store.getState()
      if (!session) throw new AppError('not-found', 'No session is open.')
      const before = session.images.length
      const result = await runImport(files.length, (jobId) =>
        api.call('sessions.addImages', {
          jobId,
          id: session.id,
          images: files.map(({ token }) => token),
        }),
      )
      if (store.getState().session?.id === session.id) store.setState({ session: result.session })
      return result.session.images.length - before
    },
    cancelImport: () => {
      const { importing } = store.getState()
      if (importing) api.call('jobs.cancel', { jobId: importing.jobId }).catch(() => undefined)
    },
    clearRefused: () => {
      store.setState({ refused: [] })
    },
  }
}

/** The image `step` places further in the worklist; null beyond its ends. */
export function neighbour(
  images: readonly SessionImage[],
  current: ImageId | null,
  step: number,
): ImageId | null {
  const index = images.findIndex(({ id }) => id === current)
  return images[index + step]?.id ?? null
}

/** The next image without a decision, after the current one and then from the start. */
export function nextUnjudged(
  images: readonly SessionImage[],
  current: ImageId | null,
): ImageId | null {
  const index = images.findIndex(({ id }) => id === current)
  const order = [...images.slice(index + 1), ...images.slice(0, Math.max(0, index))]
  return order.find(({ decision, id }) => decision === null && id !== current)?.id ?? null
}
