import { readFile } from 'node:fs/promises'
import type { AreaHandlers, Services } from './services'

export function appHandlers(services: Services): AreaHandlers<'app'> {
  const { program, resources } = services
  return {
    async 'app.info'() {
      services.store()
      const { openSession, notices } = await services.beginning()
      return {
        version: program.version,
        versions: { ...program.versions },
        notices: [...notices],
        openSession,
        dataFolder: program.dataFolder,
      }
    },
    async 'app.openHelp'({ topic }) {
      if (topic === 'manual') return { text: await readFile(resources.manual, 'utf8') }
      const [own, others] = await Promise.all([
        readFile(resources.licence, 'utf8').catch(() => 'MIT License\n'),
        readFile(resources.licences, 'utf8'),
      ])
      return { text: `# Pixelwise\n\n${own.trim()}\n\n${others}` }
    },
  }
}
