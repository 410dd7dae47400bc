import { AppError } from '../../shared/errors'
import type { Sha256 } from '../../shared/hash'
import { readWholeFile } from '../files'
import { imageFormats } from './formats'
import { checkSize, largestFile } from './limits'
import type { Raster } from './raster'

export interface ImageFile {
  readonly raster: Raster
  /** Of the file's bytes. */
  readonly sha256: Sha256
  readonly bytes: number
}

/**
 * @param name the file's name, for the sentences.
 * @throws AppError `invalid-image` for anything that is not a sound PNG or JPEG of bounded size.
 */
export async function decodeImage(bytes: Uint8Array, name: string): Promise<Raster> {
  if (bytes.length === 0)
    throw new AppError(
      'invalid-image',
      `“${name}” is empty (0 bytes).`,
      'Copy or export the image again.',
    )
  const format = imageFormats.find((candidate) => candidate.matches(bytes))
  if (!format)
    throw new AppError(
      'invalid-image',
      `“${name}” is not an image that can be opened here.`,
      `Use ${imageFormats.map((candidate) => candidate.name).join(' or ')}.`,
    )
  const size = format.size(bytes, name)
  checkSize(name, size.width, size.height)
  return format.decode(bytes, name)
}

/** @throws AppError `invalid-image`, or `not-found` and `io` when the file cannot be read. */
export async function readImage(path: string): Promise<ImageFile> {
  const file = await readWholeFile(path, 'invalid-image', largestFile)
  return {
    raster: await decodeImage(file.bytes, file.name),
    sha256: file.sha256,
    bytes: file.bytes.length,
  }
}
