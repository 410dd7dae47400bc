import type { AreaHandlers, Services } from './services'

export function jobsHandlers({ jobs }: Services): AreaHandlers<'jobs'> {
  return {
    'jobs.cancel'({ jobId }) {
      jobs.cancel(jobId)
    },
  }
}
