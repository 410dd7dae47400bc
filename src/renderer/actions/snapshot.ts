import type { App } from '../state/app'
import type { Snapshot } from './types'

export function snapshot(app: App): Snapshot {
  const { session, imageId, importing } = app.sessions.store.getState()
  const index = session?.images.findIndex(({ id }) => id === imageId) ?? -1
  const entry = imageId === null ? undefined : app.review.store.getState().entries.get(imageId)
  return {
    navigation: app.navigation.store.getState(),
    session,
    card: session?.model.card ?? null,
    image: session?.images[index] ?? null,
    index,
    review: entry?.shown ?? null,
    explanation: app.analysis.store.getState().explanation,
    stage: app.stage.store.getState(),
    view: app.view.store.getState(),
    settings: app.settings.store.getState(),
    importing: importing !== null,
  }
}

/** Calls the listener after any change that could change a snapshot. */
export function subscribe(app: App, listener: () => void): () => void {
  const stops = [
    app.navigation.store.subscribe(listener),
    app.sessions.store.subscribe(listener),
    app.review.store.subscribe(listener),
    app.analysis.store.subscribe(listener),
    app.stage.store.subscribe(listener),
    app.view.store.subscribe(listener),
    app.settings.store.subscribe(listener),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}
