import { describe, expect, it } from 'vitest'
import { fuzzyFilter, fuzzyScore } from '../../../src/renderer/palette/fuzzy'

const items = ['Draw a rectangle', 'Agree', 'Report…', 'Redo', 'colon-11.png', 'colon-01.png']
const find = (query: string) => fuzzyFilter(query, items, (item) => item)

describe('the palette’s search', () => {
  it('keeps the order when nothing is asked', () => {
    expect(find(' ')).toEqual(items)
  })

  it('prefers the beginning of a word to its middle', () => {
    expect(find('re').slice(0, 2).toSorted()).toEqual(['Redo', 'Report…'])
    expect(find('re').at(-1)).toBe('Agree')
  })

  it('takes initials and gaps', () => {
    expect(find('dar')[0]).toBe('Draw a rectangle')
    expect(find('c11')).toEqual(['colon-11.png'])
  })

  it('finds nothing where the letters do not occur in order', () => {
    expect(fuzzyScore('zz', 'Redo')).toBeNull()
    expect(find('oder')).toEqual([])
  })
})
