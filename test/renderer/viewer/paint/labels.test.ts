import { expect, it } from 'vitest'
import { fitTags, type Tag } from '../../../../src/renderer/viewer/paint/labels'

/** Ten pixels a character. */
const widthOf = (text: string) => text.length * 10

function tag(x: number, number: string, label: string, selected = false): Tag {
  return { at: { x, y: 0 }, text: `${number}  ${label}`, number, colour: '#fff', selected }
}

const texts = (tags: readonly Tag[]) => fitTags(tags, widthOf).map(({ text }) => text)

it('keeps tags that have room', () => {
  expect(texts([tag(0, '1', 'Gland'), tag(200, '2', 'Stroma')]).sort()).toEqual([
    '1  Gland',
    '2  Stroma',
  ])
})

it('shortens a tag that would lie on another, and leaves out what has no room at all', () => {
  // The first covers 0…80: the second's text would begin at 40; its number too, so it goes.
  expect(texts([tag(0, '1', 'Gland'), tag(40, '2', 'Stroma')])).toEqual(['1  Gland'])
  // The third begins at 80 and would meet the one at 100, placed before it.
  expect(texts([tag(0, '1', 'Gland'), tag(100, '2', 'X'), tag(85, '3', 'Stroma')])).toContain('3')
})

it('shows the selected tag in full, and draws it last', () => {
  const shown = texts([tag(0, '1', 'Gland'), tag(40, '2', 'Stroma', true)])
  expect(shown.at(-1)).toBe('2  Stroma')
  expect(shown).toContain('1')
})
