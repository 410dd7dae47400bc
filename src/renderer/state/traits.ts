import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ModelTraits } from '../../shared/explanation/traits'
import type { SessionId } from '../../shared/session'
import type { Api } from '../api/client'

export interface TraitsService {
  /** Of the open session's model; null until they are known, or where its file is gone. */
  readonly store: StoreApi<{ readonly traits: ModelTraits | null }>
  readonly load: (id: SessionId) => Promise<void>
}

/** What kind of network the session's model is: it decides which methods and parameters are of use. */
export function createTraits(api: Api): TraitsService {
  const store = createStore<{ traits: ModelTraits | null }>(() => ({ traits: null }))
  let wanted: SessionId | null = null
  return {
    store,
    load: async (id) => {
      if (wanted === id && store.getState().traits !== null) return
      wanted = id
      store.setState({ traits: null })
      // Advice, not a need: a model whose file is gone says so when it is asked to explain.
      const traits = await api.call('sessions.traits', { id }).catch(() => null)
      if (wanted === id) store.setState({ traits })
    },
  }
}
