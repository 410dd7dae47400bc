/** Stands for a character that the font cannot draw. */
export const missingGlyph = '□'

/**
 * Invisible characters: controls, zero-width and bidirectional marks, variation selectors, joiners.
 * They would draw as boxes, or turn the order of what stands beside them.
 */
const invisible = /(?!\n)[\p{Cc}\p{Cf}\p{Variation_Selector}]/gu

export interface Printable {
  readonly text: string
  /** Code points that were replaced. */
  readonly missing: readonly number[]
}

/** A text as the font can draw it: composed, without invisible characters, line feeds kept. */
export function printable(text: string, has: (codePoint: number) => boolean): Printable {
  const clean = text
    .normalize('NFC')
    .replace(/\r\n?|[\u0085\u2028\u2029\u000b\u000c]/g, '\n')
    .replaceAll('\t', '    ')
    .replace(invisible, '')
  const missing: number[] = []
  let drawn = ''
  for (const character of clean) {
    const codePoint = character.codePointAt(0) ?? 0
    if (codePoint === 0x0a || has(codePoint)) {
      drawn += character
    } else {
      missing.push(codePoint)
      drawn += missingGlyph
    }
  }
  return { text: drawn, missing }
}
