import { AppError } from '../../shared/errors'

export interface TileOrigin {
  /** Image pixels; negative where the image is smaller than a tile. */
  readonly x: number
  readonly y: number
}

export interface TilePlan {
  readonly tiles: readonly TileOrigin[]
  /** Pixels. */
  readonly width: number
  readonly height: number
  readonly stride: number
  /** Where the image is smaller than a tile it lies in the middle and its border pixels are repeated. */
  readonly padded: boolean
}

/** A plan beyond this would run for hours: a larger stride is the honest answer. */
const mostTiles = 100_000

/**
 * Overlapping tiles that cover an image without a gap: every `stride` pixels, the last row and column
 * moved back so that they end at the border.
 * @throws AppError `invalid-input` when the tiles are too many, or would leave gaps.
 */
export function planTiles(
  image: { readonly width: number; readonly height: number },
  tile: { readonly width: number; readonly height: number },
  stride: number,
): TilePlan {
  if (stride > Math.min(tile.width, tile.height))
    throw new AppError(
      'invalid-input',
      `Tiles of ${tile.width}×${tile.height} px every ${stride} px leave gaps in the image.`,
      'Give the card a stride no larger than the input.',
    )
  const xs = positions(image.width, tile.width, stride)
  const ys = positions(image.height, tile.height, stride)
  if (xs.length * ys.length > mostTiles)
    throw new AppError(
      'invalid-input',
      `The image needs ${xs.length * ys.length} tiles every ${stride} px; at most ${mostTiles} are run at once.`,
      'Explain single tiles, or give the card a larger stride.',
    )
  return {
    tiles: ys.flatMap((y) => xs.map((x) => ({ x, y }))),
    width: tile.width,
    height: tile.height,
    stride,
    padded: image.width < tile.width || image.height < tile.height,
  }
}

/** Where a tile begins that is larger than the image; never −0. */
function centred(image: number, tile: number): number {
  return 0 - Math.floor((tile - image) / 2)
}

function positions(image: number, tile: number, stride: number): number[] {
  if (image <= tile) return [centred(image, tile)]
  const last = image - tile
  const regular = Array.from({ length: Math.ceil(last / stride) }, (_, i) => i * stride)
  return [...regular, last]
}

/**
 * Moves a tile's corner so that the tile lies inside the image, or centres it where the image is smaller.
 * Fractions are cut off: tiles lie on whole pixels.
 */
export function clampTile(
  origin: TileOrigin,
  image: { readonly width: number; readonly height: number },
  tile: { readonly width: number; readonly height: number },
): TileOrigin {
  const place = (at: number, imageSize: number, tileSize: number) =>
    imageSize <= tileSize
      ? centred(imageSize, tileSize)
      : Math.min(Math.max(Math.floor(at), 0), imageSize - tileSize)
  return {
    x: place(origin.x, image.width, tile.width),
    y: place(origin.y, image.height, tile.height),
  }
}
