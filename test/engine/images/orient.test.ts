import { describe, expect, it } from 'vitest'
import { orient } from '../../../src/engine/images/orient'

// Stored: 2 columns, 3 rows, pixels a…f.
//   a b
//   c d
//   e f
const letters = 'abcdef'
const stored = {
  width: 2,
  height: 3,
  rgb: Uint8Array.from([...letters].flatMap((letter) => Array(3).fill(letter.charCodeAt(0)))),
}

describe('orient', () => {
  // EXIF 2.3, tag 274: where the stored row 0 and column 0 are to be seen.
  it.each([
    [1, 'ab/cd/ef'],
    [2, 'ba/dc/fe'], // row 0 at the top, column 0 at the right
    [3, 'fe/dc/ba'], // bottom, right
    [4, 'ef/cd/ab'], // bottom, left
    [5, 'ace/bdf'], // left, top
    [6, 'eca/fdb'], // right, top
    [7, 'fdb/eca'], // right, bottom
    [8, 'bdf/ace'], // left, bottom
  ])('orientation %i shows %s', (orientation, expected) => {
    const image = orient(stored, orientation)
    const text = Array.from({ length: 6 }, (_, i) => String.fromCharCode(image.rgb[i * 3] ?? 0))
    const rows = expected.split('/')
    expect([image.width, image.height]).toEqual([rows[0]?.length, rows.length])
    expect(text.join('')).toBe(rows.join(''))
  })
})
