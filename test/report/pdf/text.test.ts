import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadFonts } from '../../../src/report/pdf/fonts'
import { fontCodePoints } from '../../../src/report/pdf/glyphs'
import { breakLines, shortened } from '../../../src/report/pdf/lines'
import { missingGlyph, printable } from '../../../src/report/pdf/printable'

const one = () => 1

describe('breakLines', () => {
  it('breaks after spaces, and after signs within words', () => {
    expect(breakLines('the edge of gland 3', 8, one)).toEqual(['the edge', 'of gland', '3'])
    expect(breakLines('block1.conv2/weight', 12, one)).toEqual(['block1.', 'conv2/weight'])
  })

  it('does not break before a number, an option or after a sign that stands alone', () => {
    expect(breakLines('cli --input -5', 9, one)).toEqual(['cli', '--input', '-5'])
    expect(breakLines('2026-07-14', 10, one)).toEqual(['2026-07-14'])
  })

  it('breaks a word that is wider than a line anywhere', () => {
    expect(breakLines('abcdefgh', 3, one)).toEqual(['abc', 'def', 'gh'])
  })

  it('keeps line feeds and empty lines', () => {
    expect(breakLines('a\n\nb', 9, one)).toEqual(['a', '', 'b'])
    expect(breakLines('', 9, one)).toEqual([''])
  })

  it('loses no character but spaces, and no line is too wide', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 1, max: 12 }),
        (text, width) => {
          const lines = breakLines(text, width, one)
          for (const line of lines) expect([...line].length).toBeLessThanOrEqual(width)
          const solid = (part: string) => part.replace(/\s/gu, '')
          expect(solid(lines.join(''))).toBe(solid(text))
        },
      ),
    )
  })
})

it('shortens with an ellipsis only what does not fit', () => {
  expect(shortened('abcdef', 6, one)).toBe('abcdef')
  expect(shortened('abc def', 5, one)).toBe('abc…')
})

describe('printable', () => {
  const { has, paths } = loadFonts()

  it('keeps what reports are written with', () => {
    const text = 'ÄÖÜäöüß −1.5·10⁻⁶ ×± µm Σ → ε α β γ ✓ ✗ “quoted” … №'
    expect(printable(text, has)).toEqual({ text, missing: [] })
  })

  it('composes, drops controls and bidirectional marks, keeps line feeds', () => {
    expect(printable('a\u0308\u0000\u202ecod\u200b\r\nb\tc', has).text).toBe('äcod\nb    c')
  })

  it('shows a box for what the font lacks, and says which', () => {
    expect(printable('ok 🧬 中', has)).toEqual({
      text: `ok ${missingGlyph} ${missingGlyph}`,
      missing: [0x1f9ec, 0x4e2d],
    })
    expect(has(missingGlyph.codePointAt(0) ?? 0)).toBe(true)
    expect(printable('\ud800', has).text).toBe(missingGlyph)
  })

  it('reads the character table of a real font', () => {
    const codePoints = fontCodePoints(readFileSync(paths.regular))
    expect(codePoints.has(0x41)).toBe(true)
    expect(codePoints.has(0x1f9ec)).toBe(false)
    expect(codePoints.size).toBeGreaterThan(2000)
  })
})
