import { AppError } from '../shared/errors'
import type { JobId } from '../shared/ipc/contract'
import type { Progress } from '../shared/ipc/engine'

export interface Job {
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
}

/** The work that a window may watch and cancel, by the id which the window gave it. */
export interface Jobs {
  /** @throws AppError `invalid-input` when a job of this id runs already. */
  readonly run: <T>(jobId: JobId, work: (job: Job) => Promise<T>) => Promise<T>
  /** Cancelling what has ended, or never began, does nothing. */
  readonly cancel: (jobId: JobId) => void
  readonly cancelAll: () => void
}

export function createJobs(
  emit: (event: { readonly jobId: JobId; readonly progress: Progress }) => void,
): Jobs {
  const running = new Map<JobId, AbortController>()
  return {
    async run(jobId, work) {
      if (running.has(jobId)) {
        throw new AppError('invalid-input', 'A job of this id runs already.')
      }
      const controller = new AbortController()
      running.set(jobId, controller)
      try {
        return await work({
          signal: controller.signal,
          onProgress: (progress) => {
            emit({ jobId, progress })
          },
        })
      } finally {
        running.delete(jobId)
      }
    },
    cancel(jobId) {
      running.get(jobId)?.abort()
    },
    cancelAll() {
      for (const controller of running.values()) controller.abort()
    },
  }
}
