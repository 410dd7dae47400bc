import { describe, expect, it } from 'vitest'
import { createJobs } from '../../src/main/jobs'
import { jobIdSchema } from '../../src/shared/ipc/contract'

const id = jobIdSchema.parse('3f2b8c1e-4d5a-4b6c-8d7e-9f0a1b2c3d4e')

describe('jobs', () => {
  it('passes progress on under the id and frees the id at the end', async () => {
    const told: unknown[] = []
    const jobs = createJobs((event) => told.push(event))
    const progress = { stage: 'Reading', done: 1, total: 2 }
    const work = () =>
      jobs.run(id, (job) => {
        job.onProgress(progress)
        return Promise.resolve('result')
      })
    await expect(work()).resolves.toBe('result')
    await expect(work()).resolves.toBe('result')
    expect(told).toEqual([
      { jobId: id, progress },
      { jobId: id, progress },
    ])
  })

  it('refuses a second job of the same id while the first runs', async () => {
    const jobs = createJobs(() => undefined)
    let finish = (): void => undefined
    const first = jobs.run(id, () => new Promise<void>((resolve) => (finish = resolve)))
    await expect(jobs.run(id, () => Promise.resolve())).rejects.toMatchObject({
      code: 'invalid-input',
    })
    finish()
    await first
  })

  it('cancels by id; an id that is not running is ignored', async () => {
    const jobs = createJobs(() => undefined)
    jobs.cancel(id)
    let aborted = false
    const running = jobs.run(
      id,
      ({ signal }) =>
        new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => {
            aborted = true
            resolve()
          })
        }),
    )
    jobs.cancel(id)
    await running
    expect(aborted).toBe(true)
  })
})
