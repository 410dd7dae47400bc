import { createStore, type StoreApi } from 'zustand/vanilla'
import { viewStateSchema, type SessionId, type ViewState } from '../../shared/session'
import type { Api } from '../api/client'
import { debounce } from './debounce'
import type { Notices } from './notices'

export interface ViewService {
  readonly store: StoreApi<ViewState>
  /** Takes a session's view as it was left. */
  readonly load: (id: SessionId, view: ViewState) => void
  readonly set: (patch: Partial<ViewState>) => void
  readonly flush: () => void
}

const saveDelayMs = 400

export function createView(api: Api, notices: Notices): ViewService {
  const store = createStore<ViewState>(() => viewStateSchema.parse({}))
  let sessionId: SessionId | null = null
  const save = debounce(() => {
    if (sessionId === null) return
    api.call('sessions.saveView', { id: sessionId, view: store.getState() }).catch(notices.fail)
  }, saveDelayMs)
  return {
    store,
    load: (id, view) => {
      save.flush()
      sessionId = id
      store.setState(view, true)
    },
    set: (patch) => {
      store.setState(patch)
      save.soon()
    },
    flush: save.flush,
  }
}
