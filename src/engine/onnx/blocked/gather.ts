import { int } from '../attributes'
import type { Layout } from './layout'

/**
 * Writes a value in blocks whose positions are chosen among those of others: a copy of whole blocks, in parallel,
 * where ONNX Runtime's own Upsample works on one core and ConvTranspose leaves the blocks.
 * @param parts names in blocks, [N, C, h, w] each. @param size h · w of a part. @param shape [N, C, H, W] of the value.
 * @param from for a position of the value, row-major: the part and the position in it; null for 0.
 */
export function gatherPositions(
  layout: Layout,
  parts: readonly string[],
  size: number,
  value: string,
  [n, c, h, w]: readonly [number, number, number, number],
  from: (y: number, x: number) => { readonly part: number; readonly at: number } | null,
): void {
  const { block } = layout
  const blocks = c / block
  const rows = parts.map((part) => {
    const name = `${part}:rows`
    layout.once(name, () =>
      layout.write('Reshape', [part, layout.integers([n, blocks * size, block])], name),
    )
    return name
  })
  const zero = parts.length * blocks * size
  let hasZero = false
  const indices = new Int32Array(blocks * h * w)
  let to = 0
  for (let at = 0; at < blocks; at++) {
    for (let y = 0; y < h; y++) {
      for (let x = 0; x < w; x++) {
        const place = from(y, x)
        hasZero ||= place === null
        indices[to++] = place === null ? zero : (place.part * blocks + at) * size + place.at
      }
    }
  }
  if (hasZero) {
    rows.push(
      layout.tensor(`zeros:${n}`, () => ({
        dims: [n, 1, block],
        values: new Float32Array(n * block),
      })),
    )
  }
  const [only = ''] = rows
  const together = rows.length === 1 ? only : `${value}:parts`
  if (rows.length > 1) layout.write('Concat', rows, together, { axis: int(1) })
  const chosen = `${value}:chosen`
  layout.write('Gather', [together, layout.indices(value, indices)], chosen, { axis: int(1) })
  layout.writeBlocked('Reshape', [chosen, layout.integers([n, c, h, w])], value)
}
