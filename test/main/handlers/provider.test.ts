import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { createHandlers } from '../../../src/main/handlers'
import { createJobs } from '../../../src/main/jobs'
import type { ProviderChoice } from '../../../src/shared/explanation/provider'
import { jobIdSchema } from '../../../src/shared/ipc/contract'
import type { EngineMethods } from '../../../src/shared/ipc/engine'
import { settingsSchema } from '../../../src/shared/session'
import {
  createSession,
  open,
  prediction,
  relevance,
  result,
  temporaryFolder,
} from '../../store/support'
import { inProcess } from '../support/inProcess'
import { unusedServices } from '../support/services'

/** A real store before an engine that computes on whatever it is asked for, and writes it down. */
function program() {
  const { store } = open(temporaryFolder())
  const { imageId } = createSession(store)
  const asked: string[] = []
  let provider: ProviderChoice = 'auto'
  /** What `auto` finds. */
  const ran = (choice: ProviderChoice = 'cpu') => {
    asked.push(choice)
    return choice === 'auto' ? 'cuda' : choice
  }
  const unasked = () => Promise.reject(new Error('not asked for here'))
  const engine = inProcess<EngineMethods>({
    inspectModel: unasked,
    inspectImage: unasked,
    predict: (request) => ({ ...prediction, provider: ran(request.provider) }),
    explain: (request) => ({
      result: { ...result, spec: request.spec, provider: ran(request.provider) },
      relevance,
    }),
  })
  const jobs = createJobs(() => undefined)
  const handlers = createHandlers(
    unusedServices({ store: () => store, engine, jobs, provider: () => provider }),
  )
  return {
    asked,
    choose: (choice: ProviderChoice) => {
      provider = choice
      store.settings.set(settingsSchema.parse({ provider: choice }))
    },
    async run() {
      const jobId = jobIdSchema.parse(randomUUID())
      const scope = { kind: 'whole' } as const
      const predicted = await handlers['analysis.predict']({ jobId, imageId, scope })
      const { spec } = result
      const explained = await handlers['analysis.explain']({ jobId, imageId, spec })
      return [predicted.provider, explained.result.provider]
    },
  }
}

it('hands the chosen provider to the engine, and keeps what it computed', async () => {
  const { asked, run } = program()
  expect(await run()).toEqual(['cuda', 'cuda'])
  expect(await run()).toEqual(['cuda', 'cuda'])
  expect(asked).toEqual(['auto', 'auto'])
})

it('computes again on the CPU what another provider computed, once the CPU is chosen', async () => {
  const { asked, choose, run } = program()
  await run()
  choose('cpu')
  expect(await run()).toEqual(['cpu', 'cpu'])
  expect(await run()).toEqual(['cpu', 'cpu'])
  // The reference serves every choice.
  choose('webgpu')
  expect(await run()).toEqual(['cpu', 'cpu'])
  expect(asked).toEqual(['auto', 'auto', 'cpu', 'cpu'])
})
