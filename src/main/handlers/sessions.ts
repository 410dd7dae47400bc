import { traitsOf } from '../../shared/explanation/traits'
import { locate } from '../files/locate'
import { createSession, noneReadable } from '../import/createSession'
import { importImages } from '../import/importImages'
import { openSession } from './openSession'
import type { AreaHandlers, Services } from './services'

export function sessionsHandlers(services: Services): AreaHandlers<'sessions'> {
  const { store, engine, jobs, files } = services
  return {
    'sessions.list': () => store().sessions.list(),
    'sessions.create': ({ jobId, name, model, card, images, missing }) =>
      jobs.run(jobId, async (job) => {
        const { id, refused } = await createSession(store(), engine, job, {
          name,
          modelPath: files.pathOf(model),
          card,
          imagePaths: images.map(files.pathOf),
          missing: missing ?? 'refuse',
          priority: 'background',
        })
        return { session: await openSession(services, id), refused }
      }),
    'sessions.addImages': ({ jobId, id, images }) =>
      jobs.run(jobId, async (job) => {
        const { sessions } = store()
        let added = 0
        const paths = images.map(files.pathOf)
        const refused = await importImages(engine, paths, job, 'background', (batch) => {
          sessions.addImages(id, batch)
          added += batch.length
        })
        if (added === 0) throw noneReadable(refused)
        return { session: await openSession(services, id), refused }
      }),
    'sessions.open': ({ id }) => openSession(services, id),
    async 'sessions.traits'({ id }) {
      const model = store().sessions.model(id)
      const path = await locate(model.path, services.resources.samples)
      const { coverage } = await engine.request(
        'inspectModel',
        { path, output: model.card.output.name },
        { priority: 'background' },
      )
      return traitsOf(coverage)
    },
    'sessions.rename'({ id, name }) {
      store().sessions.rename(id, name)
    },
    'sessions.remove'({ id }) {
      store().sessions.remove(id)
    },
    'sessions.saveView'({ id, view }) {
      store().sessions.saveView(id, view)
    },
  }
}
