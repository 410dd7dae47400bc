import { settingsSchema } from '../../shared/session'
import type { AreaHandlers, Services } from './services'

export function settingsHandlers(services: Services): AreaHandlers<'settings'> {
  return {
    // A store that could not be opened is reported by `app.info`; until then the defaults serve.
    'settings.get'() {
      try {
        return services.store().settings.get()
      } catch {
        return settingsSchema.parse({})
      }
    },
    'settings.set'(settings) {
      const saved = services.store().settings.set(settings)
      services.applySettings(saved)
      return saved
    },
  }
}
