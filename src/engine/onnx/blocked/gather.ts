import { int } from '../attributes'
import type { Layout } from './layout'

export interface Parts {
  /** In blocks, [N, C, h, w] for each part; a name may stand for several, one behind another along the channels. */
  readonly names: readonly string[]
  readonly count: number
  /** h · w of a part. */
  readonly size: number
}

/**
 * Writes a value in blocks whose positions are chosen among those of others: a copy of whole blocks, in parallel,
 * where ONNX Runtime's own Upsample works on one core and ConvTranspose leaves the blocks.
 * @param shape [N, C, H, W] of the value.
 * @param from for a position of the value, row-major: the part and the position in it; null for 0.
 */
export function gatherPositions(
  layout: Layout,
  { names, count, size }: Parts,
  value: string,
  [n, c, h, w]: readonly [number, number, number, number],
  from: (y: number, x: number) => { readonly part: number; readonly at: number } | null,
): void {
  const { block } = layout
  const blocks = c / block
  const rows = names.map((part) => {
    const name = `${part}:rows`
    layout.once(name, () => layout.write('Reshape', [part, layout.integers([n, -1, block])], name))
    return name
  })
  const zero = count * blocks * size
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
  layout.write('Gather', [together, layout.indices(value, () => indices)], chosen, { axis: int(1) })
  layout.writeBlocked('Reshape', [chosen, layout.integers([n, c, h, w])], value)
}
