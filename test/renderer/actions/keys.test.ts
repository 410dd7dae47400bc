import { describe, expect, it } from 'vitest'
import {
  ariaKeys,
  isCharacterKey,
  matches,
  showKeys,
  type KeyPress,
} from '../../../src/renderer/actions/keys'

function press(key: string, modifiers: Partial<KeyPress> = {}): KeyPress {
  const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }
  return { key, code: '', ...none, ...modifiers }
}

describe('matches', () => {
  it('takes a sign however it is typed', () => {
    expect(matches('?', press('?', { shiftKey: true }))).toBe(true)
    expect(matches('?', press('?'))).toBe(true)
    expect(matches('+', press('+', { shiftKey: true }))).toBe(true)
  })

  it('takes the command key for Ctrl', () => {
    expect(matches('Ctrl+K', press('k', { metaKey: true }))).toBe(true)
    expect(matches('Ctrl+K', press('k'))).toBe(false)
    expect(matches('K', press('k', { ctrlKey: true }))).toBe(false)
  })

  it('takes a letter by its place where Alt types another one', () => {
    const typed = press('∫', { altKey: true, metaKey: true, code: 'KeyB' })
    expect(matches('Ctrl+Alt+B', typed)).toBe(true)
    expect(matches('Ctrl+B', typed)).toBe(false)
  })

  it('tells Shift and an arrow from an arrow', () => {
    expect(matches('ArrowLeft', press('ArrowLeft', { shiftKey: true }))).toBe(false)
    expect(matches('Shift+ArrowLeft', press('ArrowLeft', { shiftKey: true }))).toBe(true)
  })

  it('tells undo from redo', () => {
    const redo = press('Z', { ctrlKey: true, shiftKey: true })
    expect(matches('Ctrl+Z', redo)).toBe(false)
    expect(matches('Ctrl+Shift+Z', redo)).toBe(true)
  })
})

describe('how keys are written', () => {
  it('prints them', () => {
    expect(showKeys('Ctrl+Shift+Z')).toBe('Ctrl Shift Z')
    expect(showKeys('Ctrl+K', true)).toBe('⌘ K')
    expect(showKeys('+')).toBe('+')
    expect(showKeys('PageDown')).toBe('PgDn')
    expect(showKeys('Shift+ArrowLeft')).toBe('Shift ←')
  })

  it('tells assistive technology', () => {
    expect(ariaKeys('Ctrl+K')).toBe('Control+K')
    expect(ariaKeys('+')).toBe('Plus')
  })

  it('knows the keys that can be switched off', () => {
    expect(['Y', '.', '?', '0', 'Shift+H'].every(isCharacterKey)).toBe(true)
    expect(['Enter', 'Ctrl+K', 'Delete', 'Alt+ArrowUp'].some(isCharacterKey)).toBe(false)
  })
})
