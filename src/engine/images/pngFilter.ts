/**
 * Undoes one scan line's filter in place (PNG specification, clause 9).
 * @param line the bytes behind the filter byte; becomes the line as stored before filtering.
 * @param above the unfiltered line above, zeros for the first line.
 * @param stride bytes a whole pixel, at least 1.
 * @throws Error when the filter type is unknown.
 */
export function unfilter(type: number, line: Uint8Array, above: Uint8Array, stride: number): void {
  const length = line.length
  switch (type) {
    case 0:
      return
    case 1:
      for (let i = stride; i < length; i++) line[i] = at(line, i) + at(line, i - stride)
      return
    case 2:
      for (let i = 0; i < length; i++) line[i] = at(line, i) + at(above, i)
      return
    case 3:
      for (let i = 0; i < length; i++) {
        const left = i < stride ? 0 : at(line, i - stride)
        line[i] = at(line, i) + ((left + at(above, i)) >> 1)
      }
      return
    case 4:
      for (let i = 0; i < length; i++) {
        const first = i < stride
        const left = first ? 0 : at(line, i - stride)
        const corner = first ? 0 : at(above, i - stride)
        line[i] = at(line, i) + paeth(left, at(above, i), corner)
      }
      return
    default:
      throw new Error(`unknown filter ${type}`)
  }
}

/** The neighbour nearest to left + above − corner; ties go to left, then above. */
function paeth(left: number, above: number, corner: number): number {
  const toLeft = Math.abs(above - corner)
  const toAbove = Math.abs(left - corner)
  const toCorner = Math.abs(left + above - 2 * corner)
  if (toLeft <= toAbove && toLeft <= toCorner) return left
  return toAbove <= toCorner ? above : corner
}

function at(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0
}
