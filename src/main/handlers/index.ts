import type { Handlers } from '../ipc/answer'
import { analysisHandlers } from './analysis'
import { appHandlers } from './app'
import { filesHandlers } from './files'
import { imagesHandlers } from './images'
import { jobsHandlers } from './jobs'
import { modelsHandlers } from './models'
import { reportHandlers } from './report'
import { reviewHandlers } from './review'
import type { Services } from './services'
import { sessionsHandlers } from './sessions'
import { settingsHandlers } from './settings'

/** Every channel's handler; a channel without one does not compile. */
export function createHandlers(services: Services): Handlers {
  return {
    ...appHandlers(services),
    ...settingsHandlers(services),
    ...filesHandlers(services),
    ...modelsHandlers(services),
    ...sessionsHandlers(services),
    ...imagesHandlers(services),
    ...analysisHandlers(services),
    ...jobsHandlers(services),
    ...reviewHandlers(services),
    ...reportHandlers(services),
  }
}
