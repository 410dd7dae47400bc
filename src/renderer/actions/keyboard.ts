import type { App } from '../state/app'
import { actionById, actionFor, type KeyFocus } from './registry'
import { snapshot } from './snapshot'
import type { Action } from './types'

const textTypes = new Set(['text', 'search', 'number', 'email', 'password', 'url', 'tel', ''])

function focusOf(target: EventTarget | null): KeyFocus {
  if (!(target instanceof HTMLElement)) return { typing: false, control: false }
  const typing =
    target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    (target instanceof HTMLInputElement && textTypes.has(target.getAttribute('type') ?? ''))
  const control = target.closest('button, a[href], select, input, summary, [role=option]') !== null
  // A select answers letters too.
  return { typing: typing || target instanceof HTMLSelectElement, control }
}

/** Performs an action if it can be performed now. */
export function perform(app: App, action: Action): void {
  if (action.enabled(snapshot(app))) action.perform(app)
}

/** Listens to keys and to the application menu; returns the function that stops it. */
export function listen(app: App): () => void {
  /** By the key that holds it. */
  const held = new Map<string, Action>()

  function onKeyDown(event: KeyboardEvent): void {
    // What a list, a field or the stage has answered already is no shortcut any more.
    if (event.defaultPrevented || event.isComposing) return
    const action = actionFor(event, focusOf(event.target), snapshot(app))
    if (!action) return
    event.preventDefault()
    if (action.release) {
      if (held.has(event.code)) return
      held.set(event.code, action)
    }
    action.perform(app)
  }

  function onKeyUp(event: KeyboardEvent): void {
    held.get(event.code)?.release?.(app)
    held.delete(event.code)
  }

  function releaseAll(): void {
    for (const action of held.values()) action.release?.(app)
    held.clear()
  }

  const stopMenu = app.api.on('action.perform', ({ action: id }) => {
    const action = actionById(id)
    if (action) perform(app, action)
  })
  window.addEventListener('keydown', onKeyDown)
  window.addEventListener('keyup', onKeyUp)
  window.addEventListener('blur', releaseAll)
  return () => {
    stopMenu()
    window.removeEventListener('keydown', onKeyDown)
    window.removeEventListener('keyup', onKeyUp)
    window.removeEventListener('blur', releaseAll)
  }
}
