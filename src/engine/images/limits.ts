import { AppError } from '../../shared/errors'

/** Larger files are not read at all. */
export const largestFile = 512 * 1024 * 1024
/** Above this an image is not decoded into memory: 100 megapixels are 300 MB of RGB. */
export const largestPixels = 100_000_000
/** A header that claims more than this is taken for a broken or hostile file. */
export const largestClaim = 400_000_000

/**
 * @param name the file's name, for the sentence.
 * @throws AppError `invalid-image` when the file must not be decoded; nothing was allocated yet.
 */
export function checkSize(name: string, width: number, height: number): void {
  if (width < 1 || height < 1) {
    throw new AppError(
      'invalid-image',
      `“${name}” says that it has ${width}×${height} pixels, so there is nothing to see in it.`,
      'The file is probably damaged; export the image again.',
    )
  }
  if (width * height <= largestPixels) return
  const size = `${width}×${height} pixels (${Math.round((width * height) / 1e6)} megapixels)`
  throw new AppError(
    'invalid-image',
    width * height > largestClaim
      ? `“${name}” claims ${size}, far more than a plain image may have; it was not opened.`
      : `“${name}” has ${size}; plain images are opened up to ${largestPixels / 1e6} megapixels.`,
    'Cut the part that matters out of it, or save it at a lower resolution.',
  )
}

export function damaged(name: string, kind: string, cause?: unknown): AppError {
  return new AppError(
    'invalid-image',
    `“${name}” is a ${kind} file, but it is damaged or incomplete.`,
    'Copy or export the image again.',
    { cause },
  )
}
