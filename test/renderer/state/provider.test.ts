import { expect, it } from 'vitest'
import { explanationResultSchema } from '../../../src/shared/explanation/result'
import type { ChannelRequest } from '../../../src/shared/ipc/contract'
import { settingsSchema, type ImageId } from '../../../src/shared/session'
import { createApp } from '../../../src/renderer/state/app'
import { chooseProvider } from '../../../src/renderer/state/workflow'
import { prediction, result } from '../../store/samples'
import { session } from '../actions/snapshotFixture'
import { fakeMain, settle } from './fakeApi'

const notice = 'WebGPU could not be used: no adapter. The CPU runs instead.'

/** The window before a main process whose results have the given notices. */
async function appShowing(notices: readonly string[]) {
  const main = fakeMain({
    'settings.set': (settings: unknown) => settingsSchema.parse(settings),
    'analysis.predict': () => prediction,
    'analysis.explain': (request: ChannelRequest<'analysis.explain'>) => ({
      result: explanationResultSchema.parse({
        ...result,
        spec: request.spec,
        notices: [...notices],
      }),
      relevance: new Float32Array(4).buffer,
    }),
  })
  const app = createApp(main.api)
  app.sessions.take(session)
  app.sessions.show(session.images[0]?.id as ImageId)
  return { app, asked: () => main.asked.map(({ channel }) => channel) }
}

/** Until nothing is being computed; a request shortly after another waits a moment. */
async function done(app: Awaited<ReturnType<typeof appShowing>>['app']) {
  do {
    await new Promise((resolve) => setTimeout(resolve, 50))
    await settle()
  } while (app.analysis.store.getState().job !== null)
}

it('saves the choice before it asks for everything again', async () => {
  const { app, asked } = await appShowing([])
  chooseProvider(app, 'cpu')
  await done(app)
  expect(asked()).toEqual(['settings.set', 'analysis.predict', 'analysis.explain'])
  await new Promise((resolve) => setTimeout(resolve, 200))
  chooseProvider(app, 'webgpu')
  await done(app)
  expect(asked().slice(3)).toEqual(['settings.set', 'analysis.predict', 'analysis.explain'])
})

it('tells once why a provider chosen by name does not compute, and nothing of auto', async () => {
  const { app } = await appShowing([notice])
  const messages = () => app.notices.store.getState().notices.map(({ message }) => message)
  chooseProvider(app, 'auto')
  await done(app)
  expect(app.analysis.store.getState().explanation?.result.notices).toEqual([notice])
  expect(messages()).toEqual([])
  await new Promise((resolve) => setTimeout(resolve, 200))
  chooseProvider(app, 'webgpu')
  await done(app)
  expect(messages()).toEqual([notice])
  app.notices.dismiss(app.notices.store.getState().notices[0]?.id ?? -1)
  await new Promise((resolve) => setTimeout(resolve, 200))
  chooseProvider(app, 'cuda')
  await done(app)
  expect(messages()).toEqual([])
})
