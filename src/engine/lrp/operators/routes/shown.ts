/** Which element of an axis each place of the padded axis shows. */
export function shownBy(
  mode: 'reflect' | 'edge' | 'wrap',
  size: number,
  before: number,
  behind: number,
): number[] {
  return Array.from({ length: before + size + behind }, (_, at) => {
    const position = at - before
    if (mode === 'edge') return Math.min(Math.max(position, 0), size - 1)
    if (mode === 'wrap') return turned(position, size)
    // Mirrored without the edge itself: 0 1 2 1 | 0 1 2 1 …
    const mirrored = turned(position, Math.max(2 * (size - 1), 1))
    return mirrored < size ? mirrored : 2 * (size - 1) - mirrored
  })
}

function turned(at: number, period: number): number {
  return ((at % period) + period) % period
}
