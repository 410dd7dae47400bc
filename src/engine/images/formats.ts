import { decodeJpeg, jpegSize } from './jpeg'
import { isJpeg } from './jpegHeader'
import { decodePng, pngSize } from './png'
import { isPng } from './pngChunks'
import type { Raster } from './raster'

/** One kind of image file. A new format is one row here and one module. */
export interface ImageFormat {
  readonly name: string
  /** Told by the first bytes; the file's extension may lie. */
  readonly matches: (bytes: Uint8Array) => boolean
  /** Pixels as they are seen, from the header alone. @throws AppError `invalid-image` */
  readonly size: (bytes: Uint8Array, name: string) => { width: number; height: number }
  /** @throws AppError `invalid-image` */
  readonly decode: (bytes: Uint8Array, name: string) => Promise<Raster> | Raster
}

export const imageFormats: readonly ImageFormat[] = [
  { name: 'PNG', matches: isPng, size: pngSize, decode: decodePng },
  { name: 'JPEG', matches: isJpeg, size: jpegSize, decode: decodeJpeg },
]
