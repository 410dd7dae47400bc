import { join } from 'node:path'
import { sampleModels } from '../samples/list'
import type { AreaHandlers, Services } from './services'

export function modelsHandlers({ engine, files, resources }: Services): AreaHandlers<'models'> {
  return {
    async 'models.inspect'({ token, output }) {
      const found = await engine.request(
        'inspectModel',
        { path: files.pathOf(token), output },
        { priority: 'interactive' },
      )
      return { token, ...found }
    },
    'models.samples': () =>
      Promise.all(sampleModels.map((model) => files.give(join(resources.samples, model)))),
  }
}
