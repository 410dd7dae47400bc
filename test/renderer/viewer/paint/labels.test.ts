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

it('shows every number that has room before any label', () => {
  // The first label would cover 0…80, the second's number at 40: both stay numbers but the last.
  expect(texts([tag(0, '1', 'Gland'), tag(40, '2', 'Stroma')]).sort()).toEqual(['1', '2  Stroma'])
})

it('leaves out a number that would lie on another', () => {
  expect(texts([tag(0, '1', ''), tag(5, '2', ''), tag(200, '3', 'X')])).toEqual(['3  X', '1  '])
})

it('shows the selected tag in full, and draws it last', () => {
  const shown = texts([tag(0, '1', 'Gland'), tag(40, '2', 'Stroma', true)])
  expect(shown.at(-1)).toBe('2  Stroma')
  expect(shown).toContain('1')
})
