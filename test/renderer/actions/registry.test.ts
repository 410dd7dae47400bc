import { describe, expect, it } from 'vitest'
import { canonicalKeys, type KeyPress } from '../../../src/renderer/actions/keys'
import { actionById, actionFor, actions, labelNow } from '../../../src/renderer/actions/registry'
import type { Snapshot } from '../../../src/renderer/actions/types'
import { menuSections } from '../../../src/shared/actionNames'
import { atStartSnapshot, inReviewSnapshot } from './snapshotFixture'

const menuActions = menuSections.flatMap(({ entries }) =>
  entries.filter((entry) => entry !== 'separator'),
)

function press(key: string, modifiers: Partial<KeyPress> = {}): KeyPress {
  const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }
  return { key, code: '', ...none, ...modifiers }
}

const free = { typing: false, control: false }
const idOf = (key: KeyPress, state: Snapshot, focus = free) => actionFor(key, focus, state)?.id

describe('the registry', () => {
  it('gives every action an id of its own', () => {
    const ids = actions.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('gives no key two meanings', () => {
    const keys = actions.flatMap((action) => action.keys.map(canonicalKeys))
    expect(keys.toSorted()).toEqual([...new Set(keys)].toSorted())
  })

  it('knows every action of the application menu', () => {
    const unknown = menuActions.filter(({ id }) => actionById(id) === null).map(({ id }) => id)
    expect(unknown).toEqual([])
  })

  it('has the keys that the menu prints', () => {
    const inMenu = menuActions
      .filter(({ key }) => key !== undefined)
      .map(({ id, key = '' }) => [id, key.replace('CmdOrCtrl', 'Ctrl').replace('Plus', '+')])
    const inRegistry = inMenu.map(([id = '']) => [id, actionById(id)?.keys[0]])
    expect(inRegistry).toEqual(inMenu)
  })

  it('tells of every action whether it can be performed, with or without a session', () => {
    for (const action of actions) {
      expect(typeof action.enabled(inReviewSnapshot)).toBe('boolean')
      expect(typeof action.enabled(atStartSnapshot)).toBe('boolean')
      expect(labelNow(action, atStartSnapshot)).not.toBe('')
    }
  })

  it('offers nothing that needs an image where there is none', () => {
    const possible = actions.filter(({ enabled }) => enabled(atStartSnapshot)).map(({ id }) => id)
    expect(possible).not.toContain('verdict.agree')
    expect(possible).not.toContain('edit.undo')
    expect(possible).toContain('session.new')
  })

  it('names what undo would undo', () => {
    const undo = actionById('edit.undo')
    expect(undo && labelNow(undo, inReviewSnapshot)).toBe('Undo Add rectangle')
    expect(undo && labelNow(undo, atStartSnapshot)).toBe('Undo')
  })
})

describe('what a key press means', () => {
  it.each([
    ['y', 'verdict.agree'],
    ['Y', 'verdict.agree'],
    ['v', 'tool.select'],
    ['.', 'tool.point'],
    ['t', 'tool.tile'],
    ['j', 'image.next'],
    ['Enter', 'review.confirmNext'],
    ['0', 'view.fit'],
    ['+', 'view.zoomIn'],
    ['ArrowLeft', 'view.panLeft'],
  ])('%s → %s', (key, id) => {
    const shiftKey = key === 'Y'
    expect(idOf(press(key, { shiftKey }), inReviewSnapshot)).toBe(shiftKey ? undefined : id)
  })

  it('tells Shift from no Shift on letters', () => {
    expect(idOf(press('h'), inReviewSnapshot)).toBe('heatmap.peek')
    expect(idOf(press('H', { shiftKey: true }), inReviewSnapshot)).toBe('heatmap.toggle')
  })

  it('is nothing for letters in a text field, but the palette opens', () => {
    const typing = { typing: true, control: false }
    expect(idOf(press('y'), inReviewSnapshot, typing)).toBeUndefined()
    expect(idOf(press('z', { ctrlKey: true }), inReviewSnapshot, typing)).toBeUndefined()
    expect(idOf(press('k', { ctrlKey: true }), inReviewSnapshot, typing)).toBe('help.palette')
  })

  it('leaves Enter to a focused button', () => {
    const control = { typing: false, control: true }
    expect(idOf(press('Enter'), inReviewSnapshot, control)).toBeUndefined()
    expect(idOf(press('y'), inReviewSnapshot, control)).toBe('verdict.agree')
  })

  it('is nothing under a dialog', () => {
    const state: Snapshot = {
      ...inReviewSnapshot,
      navigation: { screen: 'review', dialog: 'settings' },
    }
    expect(idOf(press('y'), state)).toBeUndefined()
    expect(idOf(press('Delete'), state)).toBeUndefined()
  })

  it('is nothing for single characters once they are switched off', () => {
    const state: Snapshot = {
      ...inReviewSnapshot,
      settings: { ...inReviewSnapshot.settings, letterShortcuts: false },
    }
    for (const key of ['y', '.', '?', '0', '+']) expect(idOf(press(key), state)).toBeUndefined()
    expect(idOf(press('Enter'), state)).toBe('review.confirmNext')
    expect(idOf(press('n', { ctrlKey: true }), state)).toBe('session.new')
  })

  it('offers the tile tool only where the model sees tiles', () => {
    const card = inReviewSnapshot.card && { ...inReviewSnapshot.card, fit: 'resize' as const }
    expect(idOf(press('t'), { ...inReviewSnapshot, card })).toBeUndefined()
  })
})
