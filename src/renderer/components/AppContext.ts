import { createContext, useCallback, useContext, useSyncExternalStore } from 'react'
import { useStore } from 'zustand'
import { actionById, labelNow } from '../actions/registry'
import { snapshot, subscribe } from '../actions/snapshot'
import type { Action } from '../actions/types'
import type { App } from '../state/app'
import type { SessionImage } from '../../shared/session'
import type { ReviewState, Session } from '../../shared/session'

export const AppContext = createContext<App | null>(null)

export function useApp(): App {
  const app = useContext(AppContext)
  if (!app) throw new Error('A component stands outside the application.')
  return app
}

export interface ActionState {
  readonly action: Action
  readonly enabled: boolean
  readonly active: boolean
  readonly label: string
}

/** How an action of the registry stands now; draws anew only when that changes. */
export function useAction(id: string): ActionState {
  const app = useApp()
  const action = actionById(id)
  if (!action) throw new Error(`There is no action ${id}.`)
  const listen = useCallback((listener: () => void) => subscribe(app, listener), [app])
  const key = useSyncExternalStore(listen, () => {
    const state = snapshot(app)
    const flags = `${action.enabled(state) ? 1 : 0}${action.active?.(state) ? 1 : 0}`
    return flags + labelNow(action, state)
  })
  return { action, enabled: key[0] === '1', active: key[1] === '1', label: key.slice(2) }
}

export interface CurrentImage {
  readonly session: Session
  readonly image: SessionImage
}

/** The image in review; null when there is none. */
export function useCurrentImage(): CurrentImage | null {
  const app = useApp()
  const session = useStore(app.sessions.store, (state) => state.session)
  const imageId = useStore(app.sessions.store, (state) => state.imageId)
  const image = session?.images.find(({ id }) => id === imageId)
  return session && image ? { session, image } : null
}

/** The shown review of an image; null until it has been read. */
export function useReviewState(imageId: SessionImage['id'] | null): ReviewState | null {
  const app = useApp()
  return useStore(app.review.store, ({ entries }) =>
    imageId === null ? null : (entries.get(imageId)?.shown ?? null),
  )
}
