import { evidenceActions } from './evidenceActions'
import { helpActions } from './helpActions'
import { isCharacterKey, matches, type KeyPress } from './keys'
import { reviewActions } from './reviewActions'
import { sessionActions } from './sessionActions'
import { toolActions } from './toolActions'
import type { Action, Snapshot } from './types'
import { viewActions } from './viewActions'

export const actions: readonly Action[] = [
  ...sessionActions,
  ...toolActions,
  ...evidenceActions,
  ...viewActions,
  ...reviewActions,
  ...helpActions,
]

const byId = new Map(actions.map((action) => [action.id, action]))

export function actionById(id: string): Action | null {
  return byId.get(id) ?? null
}

/** Where the keyboard is when a key is pressed. */
export interface KeyFocus {
  /** A field that takes text has the focus. */
  readonly typing: boolean
  /** A button, link or list that itself answers Enter, Space and the arrows has the focus. */
  readonly control: boolean
}

/** Keys that a focused control keeps for itself. */
const controlKeys = new Set(['Enter', ' ', 'ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'])

/** The action that a key press means here and now; null when it means none. */
export function actionFor(press: KeyPress, focus: KeyFocus, state: Snapshot): Action | null {
  for (const action of actions) {
    const keys = action.keys.find((candidate) => matches(candidate, press))
    if (keys === undefined) continue
    if (isCharacterKey(keys) && !state.settings.letterShortcuts) continue
    if (focus.typing && action.whileTyping !== true) continue
    if (focus.control && controlKeys.has(keys)) continue
    if (state.navigation.dialog !== null && action.inDialogs !== true) continue
    if (action.enabled(state)) return action
  }
  return null
}

export function labelNow(action: Action, state: Snapshot): string {
  return action.labelNow?.(state) ?? action.label
}
