import { int, ints, intOf, intsOf } from '../attributes'
import { floatsOf } from '../elements'
import { DataType, type Node } from '../model'
import { blockedDomain } from './blockSize'
import type { Layout } from './layout'
import { winogradWeights } from './winogradWeights'

/** Side of a tile of outputs, and of the inputs that it reads. */
const tile = 4
const reach = 6
const places = reach * reach

/**
 * Bᵀ and Aᵀ of F(4, 3) at the points 0, ±3/4, ±3/2 and ∞: half the rounding error of the usual 0, ±1, ±2 and ∞, and
 * all of it exact in binary. Rows of Bᵀ are the products of x − p over the other points, those of Aᵀ the powers
 * of the points.
 */
const intoTile: Matrix = [
  [81 / 64, 0, -45 / 16, 0, 1, 0],
  [0, -27 / 16, -9 / 4, 3 / 4, 1, 0],
  [0, 27 / 16, -9 / 4, -3 / 4, 1, 0],
  [0, -27 / 32, -9 / 16, 3 / 2, 1, 0],
  [0, 27 / 32, -9 / 16, -3 / 2, 1, 0],
  [0, 81 / 64, 0, -45 / 16, 0, 1],
]
const outOfTile: Matrix = [
  [1, 1, 1, 1, 1, 0],
  [0, 3 / 4, -3 / 4, 3 / 2, -3 / 2, 0],
  [0, 9 / 16, 9 / 16, 9 / 4, 9 / 4, 0],
  [0, 27 / 64, -27 / 64, 27 / 8, -27 / 8, 1],
]
type Matrix = readonly (readonly number[])[]

/** Measured: with fewer channels, or fewer tiles, the transforms cost more than they save. */
const fewestChannels = 128
const fewestTiles = 16
/** Of the outputs of tiles that hang over, against those that are wanted: 14 × 14 takes 16 × 16. */
const mostWaste = 1.35

/**
 * Writes a 3 × 3 convolution with a quarter of the multiplications, by Winograd's F(4 × 4, 3 × 3) (Lavin and
 * Gray, CVPR 2016, §4.3): tiles of 6 × 6 inputs become Bᵀ d B, one product of channels for each of the 36
 * places, and Aᵀ m A is a tile of 4 × 4 outputs. A grouped convolution makes the 36 products, in blocks. Only for
 * weights of one sign, as those of z⁺: the result is within 2e-7 (relative L2) of the direct sum where the
 * relevance has one sign too, and within 2e-6 where it cancels. All that relevance is divided by stays direct.
 * False where that cannot be, or would not be faster.
 */
export function winograd(node: Node, layout: Layout): boolean {
  const [input = '', kernel = '', bias = ''] = node.inputs
  const [output = ''] = node.outputs
  const weights = layout.constant(kernel)
  const [from, to] = [layout.image(input), layout.image(output)]
  const { block } = layout
  if (node.operator !== 'Conv' || bias !== '' || !from || !to) return false
  if (weights?.dataType !== DataType.float || weights.dims.slice(2).join(',') !== '3,3')
    return false
  const isPlain = (name: string): boolean => intsOf(node, name)?.every((step) => step === 1) ?? true
  if (!isPlain('strides') || !isPlain('dilations') || intOf(node, 'group', 1) !== 1) return false
  const [n, inputs, height, width] = from
  const [, outputs, outHeight, outWidth] = to
  const [rows, columns] = [Math.ceil(outHeight / tile), Math.ceil(outWidth / tile)]
  const tiles = n * rows * columns
  if (Math.min(inputs, outputs) < fewestChannels || tiles < fewestTiles) return false
  if (tile * tile * tiles > mostWaste * n * outHeight * outWidth) return false
  if (inputs % block !== 0 || outputs % block !== 0) return false
  if (!isOfOneSign(floatsOf(weights))) return false

  const name = (step: string): string => `${output}:${step}`
  const reshape = (value: string, shape: readonly number[], step: string): string => {
    layout.write('Reshape', [value, layout.integers(shape)], name(step))
    return name(step)
  }
  const gather = (value: string, indices: string, step: string): string => {
    layout.write('Gather', [value, indices], name(step), { axis: int(0) })
    return name(step)
  }
  const [top = 0, left = 0] = intsOf(node, 'pads') ?? []
  const geometry: Geometry = { n, height, width, outHeight, outWidth, top, left, rows, columns }
  const key = Object.values(geometry).join(',')
  const pixels = reshape(layout.blocked(input), [-1, block], 'pixels')
  const zero = layout.tensor('zero', () => ({ dims: [1, block], values: new Float32Array(block) }))
  layout.write('Concat', [pixels, zero], name('padded'), { axis: int(0) })
  const read = layout.indices(`winograd:read:${inputs}:${key}`, () =>
    placesRead(geometry, inputs / block),
  )
  const tiled = gather(name('padded'), read, 'tiled')
  const rowsOfPlaces = reshape(tiled, [places, inputs * tiles], 'places')
  layout.write('MatMul', [square(layout, 'into', intoTile), rowsOfPlaces], name('into'))
  const spread = reshape(name('into'), [1, places * inputs, n * rows, columns], 'spread')
  const products = layout.tensor(`${kernel}:winograd`, () =>
    winogradWeights(floatsOf(weights), outputs, inputs, block),
  )
  layout.write('Conv', [spread, products], name('products'), { group: int(places), kernel_shape: ints([1, 1]) }, blockedDomain) // prettier-ignore
  const together = reshape(name('products'), [places, outputs * tiles], 'together')
  layout.write('MatMul', [square(layout, 'out', outOfTile), together], name('out'))
  const done = reshape(name('out'), [-1, block], 'done')
  const order = layout.indices(`winograd:order:${outputs}:${key}`, () =>
    placesInOrder(geometry, outputs / block),
  )
  const ordered = gather(done, order, 'ordered')
  layout.writeBlocked('Reshape', [ordered, layout.integers([...to])], output)
  return true
}

interface Geometry {
  readonly n: number
  readonly height: number
  readonly width: number
  readonly outHeight: number
  readonly outWidth: number
  /** Pads at the begin. */
  readonly top: number
  readonly left: number
  /** Tiles of one sample. */
  readonly rows: number
  readonly columns: number
}

/** For place, block of channels, sample and tile: the pixel that lies there, or the zero behind all of them. */
function placesRead(
  { n, height, width, top, left, rows, columns }: Geometry,
  blocks: number,
): Int32Array {
  const read = new Int32Array(places * blocks * n * rows * columns)
  const zero = n * blocks * height * width
  let at = 0
  for (let place = 0; place < places; place++) {
    for (let channel = 0; channel < blocks; channel++) {
      for (let tileRow = 0; tileRow < n * rows; tileRow++) {
        for (let column = 0; column < columns; column++) {
          const y = (tileRow % rows) * tile - top + Math.floor(place / reach)
          const x = column * tile - left + (place % reach)
          const isInside = y >= 0 && x >= 0 && y < height && x < width
          const start = (Math.floor(tileRow / rows) * blocks + channel) * height
          read[at++] = isInside ? (start + y) * width + x : zero
        }
      }
    }
  }
  return read
}

/** For sample, block of channels and position: where the tiles have it, place by place. */
function placesInOrder(
  { n, outHeight, outWidth, rows, columns }: Geometry,
  blocks: number,
): Int32Array {
  const order = new Int32Array(n * blocks * outHeight * outWidth)
  let at = 0
  for (let sample = 0; sample < n; sample++) {
    for (let channel = 0; channel < blocks; channel++) {
      for (let y = 0; y < outHeight; y++) {
        for (let x = 0; x < outWidth; x++) {
          const place = ((y % tile) * tile + (x % tile)) * blocks + channel
          const row = sample * rows + Math.floor(y / tile)
          order[at++] = (place * n * rows + row) * columns + Math.floor(x / tile)
        }
      }
    }
  }
  return order
}

function isOfOneSign(values: Float32Array): boolean {
  return values.every((value) => value >= 0) || values.every((value) => value <= 0)
}

/** M ⊗ M: what M does along both axes of a tile, as one matrix. */
function square(layout: Layout, name: string, matrix: Matrix): string {
  return layout.tensor(`winograd:${name}`, () => {
    const columns = matrix[0]?.length ?? 0
    const values = matrix.flatMap((first) =>
      matrix.flatMap((second) => first.flatMap((a) => second.map((b) => a * b))),
    )
    return { dims: [matrix.length ** 2, columns ** 2], values: Float32Array.from(values) }
  })
}
