/**
 * Which characters a TrueType font can draw: the code points in its `cmap` table
 * (formats 4 and 12, which all fonts of today carry).
 * @throws Error when the font has no such table.
 */
export function fontCodePoints(font: Uint8Array): ReadonlySet<number> {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength)
  const cmap = tableOffset(view, 'cmap')
  if (cmap === null) throw new Error('The font has no cmap table.')
  const codePoints = new Set<number>()
  const count = view.getUint16(cmap + 2)
  for (let index = 0; index < count; index++) {
    const subtable = cmap + view.getUint32(cmap + 4 + index * 8 + 4)
    const format = view.getUint16(subtable)
    if (format === 4) addSegments(view, subtable, codePoints)
    if (format === 12) addGroups(view, subtable, codePoints)
  }
  return codePoints
}

function tableOffset(view: DataView, tag: string): number | null {
  const count = view.getUint16(4)
  for (let index = 0; index < count; index++) {
    const record = 12 + index * 16
    const name = String.fromCharCode(...[0, 1, 2, 3].map((byte) => view.getUint8(record + byte)))
    if (name === tag) return view.getUint32(record + 8)
  }
  return null
}

function addSegments(view: DataView, subtable: number, codePoints: Set<number>): void {
  const segments = view.getUint16(subtable + 6) / 2
  const ends = subtable + 14
  const starts = ends + segments * 2 + 2
  const deltas = starts + segments * 2
  const offsets = deltas + segments * 2
  for (let segment = 0; segment < segments; segment++) {
    const end = view.getUint16(ends + segment * 2)
    const start = view.getUint16(starts + segment * 2)
    const delta = view.getUint16(deltas + segment * 2)
    const offset = view.getUint16(offsets + segment * 2)
    for (let code = start; code <= end && code !== 0xffff; code++) {
      const glyph =
        offset === 0
          ? (code + delta) & 0xffff
          : view.getUint16(offsets + segment * 2 + offset + (code - start) * 2)
      if (glyph !== 0) codePoints.add(code)
    }
  }
}

function addGroups(view: DataView, subtable: number, codePoints: Set<number>): void {
  const groups = view.getUint32(subtable + 12)
  for (let group = 0; group < groups; group++) {
    const record = subtable + 16 + group * 12
    const end = view.getUint32(record + 4)
    for (let code = view.getUint32(record); code <= end; code++) codePoints.add(code)
  }
}
