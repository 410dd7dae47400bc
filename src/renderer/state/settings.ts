import { createStore, type StoreApi } from 'zustand/vanilla'
import { settingsSchema, type Settings } from '../../shared/session'
import type { Api } from '../api/client'
import { debounce } from './debounce'
import type { Notices } from './notices'

export interface SettingsService {
  readonly store: StoreApi<Settings>
  readonly load: () => Promise<void>
  /** Takes effect at once and is saved shortly after. */
  readonly set: (patch: Partial<Settings>) => void
  readonly flush: () => void
}

const saveDelayMs = 300

export function createSettings(api: Api, notices: Notices): SettingsService {
  const store = createStore<Settings>(() => settingsSchema.parse({}))
  const save = debounce(() => {
    api.call('settings.set', store.getState()).catch(notices.fail)
  }, saveDelayMs)
  return {
    store,
    load: async () => {
      store.setState(await api.call('settings.get', undefined))
    },
    set: (patch) => {
      store.setState(patch)
      save.soon()
    },
    flush: save.flush,
  }
}
