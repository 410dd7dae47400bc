import type { Services } from '../../../src/main/handlers/services'
import { resourcesIn } from '../../../src/main/resources'

function unused(): never {
  throw new Error('a test reached a service that it did not provide')
}

/** Services of which none may be used, except the given ones. */
export function unusedServices(given: Partial<Services> = {}): Services {
  return {
    program: { version: '0.0.0', versions: {}, dataFolder: '' },
    resources: resourcesIn(process.cwd()),
    store: unused,
    engine: { request: unused, close: unused },
    provider: () => 'cpu',
    report: { request: unused, close: unused },
    files: { give: unused, pathOf: unused },
    jobs: { run: unused, cancel: unused, cancelAll: unused },
    dialogs: {
      chooseModel: unused,
      chooseComposite: unused,
      chooseImages: unused,
      chooseFolder: unused,
      saveReport: unused,
    },
    emit: unused,
    beginning: unused,
    applySettings: unused,
    now: () => new Date('2026-03-14T09:26:53Z'),
    newId: () => '3f2b8c1e-4d5a-4b6c-8d7e-9f0a1b2c3d4e',
    ...given,
  }
}
