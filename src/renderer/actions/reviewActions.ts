import type { Decision } from '../../shared/review/verdict'
import type { App } from '../state/app'
import { confirmAndNext } from '../state/workflow'
import { withImage, type Action } from './types'

export const commentFieldId = 'review-comment'
export const labelFieldId = 'region-label'

/**
 * Puts the caret at the end of a field: at once where the field is there, because the next letter
 * may follow within the same frame and would be a shortcut; else when its panel has been drawn.
 */
function focusField(id: string): void {
  function focus(): boolean {
    const field = document.getElementById(id)
    if (!(field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement)) return false
    field.focus()
    field.setSelectionRange(field.value.length, field.value.length)
    return document.activeElement === field
  }
  if (!focus()) requestAnimationFrame(focus)
}

function currentImage(app: App) {
  return app.sessions.store.getState().imageId
}

function verdict(decision: Decision, label: string, key: string): Action {
  return {
    id: `verdict.${decision}`,
    label,
    section: 'Verdict',
    keys: [key],
    enabled: withImage,
    active: ({ review }) => review?.review.verdict.decision === decision,
    perform: (app) => {
      const imageId = currentImage(app)
      if (imageId === null) return
      const shown = app.review.store.getState().entries.get(imageId)?.shown
      // Pressing it again takes it back.
      const next = shown?.review.verdict.decision === decision ? null : decision
      app.review.apply(imageId, {
        kind: 'set-verdict',
        patch: { decision: next, ...(next === 'disagree' ? {} : { correctClass: null }) },
      })
    },
  }
}

function nudge(key: string, name: string, dx: number, dy: number): Action {
  return {
    id: `region.nudge${name}`,
    label: `Move the region ${name.toLowerCase()}`,
    section: 'Regions',
    keys: [`Alt+${key}`],
    enabled: (state) => withImage(state) && state.stage.selectedId !== null,
    perform: (app) => app.stage.controller.current?.nudge(dx, dy),
    keyboardOnly: true,
    arrows: 'Move the region',
  }
}

export const reviewActions: readonly Action[] = [
  verdict('agree', 'Agree', 'Y'),
  verdict('disagree', 'Disagree', 'N'),
  verdict('unsure', 'Unsure', 'U'),
  {
    id: 'verdict.comment',
    label: 'Comment',
    section: 'Verdict',
    keys: ['C'],
    enabled: withImage,
    perform: (app) => {
      app.settings.set({ rightPanelOpen: true })
      focusField(commentFieldId)
    },
  },
  {
    id: 'review.confirmNext',
    label: 'Confirm and next',
    section: 'Verdict',
    keys: ['Enter'],
    enabled: withImage,
    perform: (app) => {
      // A polygon being drawn ends first.
      if (app.stage.controller.current?.finish()) return
      confirmAndNext(app)
    },
  },
  {
    id: 'region.describe',
    label: 'Edit the region’s label',
    section: 'Regions',
    keys: ['F2'],
    enabled: (state) => withImage(state) && state.stage.selectedId !== null,
    perform: (app) => {
      app.settings.set({ rightPanelOpen: true })
      focusField(labelFieldId)
    },
  },
  {
    id: 'region.delete',
    label: 'Delete region',
    section: 'Regions',
    keys: ['Delete', 'Backspace'],
    // Also what is being drawn loses its last vertex so.
    enabled: (state) =>
      withImage(state) && (state.stage.selectedId !== null || state.stage.tool !== 'select'),
    perform: (app) => {
      const controller = app.stage.controller.current
      if (controller?.removeLast() || controller?.deleteVertex()) return
      const imageId = currentImage(app)
      const { selectedId } = app.stage.store.getState()
      if (imageId === null || selectedId === null) return
      app.stage.store.setState({ selectedId: null })
      app.review.apply(imageId, { kind: 'remove-region', id: selectedId })
    },
  },
  nudge('ArrowLeft', 'Left', -1, 0),
  nudge('ArrowRight', 'Right', 1, 0),
  nudge('ArrowUp', 'Up', 0, -1),
  nudge('ArrowDown', 'Down', 0, 1),
  {
    id: 'edit.undo',
    label: 'Undo',
    section: 'Edit',
    keys: ['Ctrl+Z'],
    enabled: (state) => withImage(state) && state.review?.undo != null,
    labelNow: ({ review }) => (review?.undo != null ? `Undo ${review.undo}` : 'Undo'),
    perform: (app) => {
      const imageId = currentImage(app)
      if (imageId !== null) app.review.undo(imageId)
    },
  },
  {
    id: 'edit.redo',
    label: 'Redo',
    section: 'Edit',
    keys: ['Ctrl+Shift+Z', 'Ctrl+Y'],
    enabled: (state) => withImage(state) && state.review?.redo != null,
    labelNow: ({ review }) => (review?.redo != null ? `Redo ${review.redo}` : 'Redo'),
    perform: (app) => {
      const imageId = currentImage(app)
      if (imageId !== null) app.review.redo(imageId)
    },
  },
  {
    id: 'edit.escape',
    label: 'Cancel, or leave the selection',
    section: 'Edit',
    keys: ['Escape'],
    whileTyping: true,
    enabled: withImage,
    perform: (app) => {
      if (app.stage.controller.current?.cancel()) return
      const { activeElement } = document
      const inPanel = activeElement instanceof HTMLElement && activeElement !== document.body
      if (inPanel) activeElement.blur()
      else app.stage.store.setState({ selectedId: null, tool: 'select' })
    },
    keyboardOnly: true,
  },
]
