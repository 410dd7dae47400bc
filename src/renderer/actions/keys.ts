/**
 * Keys are written as they are printed: `Ctrl+Shift+Z`, `Shift+H`, `?`, `PageDown`.
 * `Ctrl` stands for the command key on a Mac.
 */
export interface KeyPress {
  readonly key: string
  readonly code: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
}

interface Chord {
  readonly ctrl: boolean
  readonly alt: boolean
  readonly shift: boolean
  readonly key: string
}

function parse(keys: string): Chord {
  // The last part may itself be "+".
  const match = /^((?:(?:Ctrl|Alt|Shift)\+)*)(.+)$/.exec(keys)
  const modifiers = match?.[1] ?? ''
  return {
    ctrl: modifiers.includes('Ctrl'),
    alt: modifiers.includes('Alt'),
    shift: modifiers.includes('Shift'),
    key: match?.[2] ?? keys,
  }
}

const isLetter = (key: string) => /^\p{L}$/u.test(key)
const isCharacter = (key: string) => [...key].length === 1 && key !== ' '

export function matches(keys: string, press: KeyPress): boolean {
  const chord = parse(keys)
  if (chord.ctrl !== (press.ctrlKey || press.metaKey) || chord.alt !== press.altKey) return false
  // Which characters need Shift differs from keyboard to keyboard: "?" is "?" however it is typed.
  const shiftMatters = !isCharacter(chord.key) || isLetter(chord.key)
  if (shiftMatters && chord.shift !== press.shiftKey) return false
  if (isLetter(chord.key)) {
    const typed = press.key.toLowerCase() === chord.key.toLowerCase()
    // With Alt some systems type another character: the place of the key decides then.
    return typed || (chord.alt && press.code === `Key${chord.key.toUpperCase()}`)
  }
  return press.key === chord.key
}

/** A single character without Ctrl or Alt: the kind that can be switched off (WCAG 2.1.4). */
export function isCharacterKey(keys: string): boolean {
  const { ctrl, alt, key } = parse(keys)
  return !ctrl && !alt && isCharacter(key)
}

const shownNames: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  PageDown: 'PgDn',
  PageUp: 'PgUp',
  Escape: 'Esc',
  Delete: 'Del',
  '-': '−',
}

/** As printed on a button: `Ctrl K`. */
export function showKeys(keys: string, mac = false): string {
  const { ctrl, alt, shift, key } = parse(keys)
  const parts = [
    ctrl ? (mac ? '⌘' : 'Ctrl') : '',
    alt ? (mac ? '⌥' : 'Alt') : '',
    shift ? (mac ? '⇧' : 'Shift') : '',
    shownNames[key] ?? key,
  ]
  return parts.filter((part) => part !== '').join(' ')
}

/** For aria-keyshortcuts: `Control+K`. */
export function ariaKeys(keys: string): string {
  return keys.replace('Ctrl+', 'Control+').replace(/^\+$|\+\+$/, 'Plus')
}

/** Two spellings of one chord are equal after this. */
export function canonicalKeys(keys: string): string {
  const { ctrl, alt, shift, key } = parse(keys)
  return [ctrl ? 'Ctrl' : '', alt ? 'Alt' : '', shift ? 'Shift' : '', key.toLowerCase()].join('+')
}
