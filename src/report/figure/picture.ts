import { readFile, stat } from 'node:fs/promises'
import { formatBytes } from '../../shared/format/numbers'
import type { Sha256 } from '../../shared/hash'
import { sha256 } from '../files'
import { withoutMetadata } from './jpegMetadata'
import { isPng, opaquePng } from './png'

/** Larger files are named but not embedded. */
const largestFile = 30_000_000

/** An image as the PDF embeds it, or the sentence that stands in its place. */
export type Picture =
  | { readonly kind: 'shown'; readonly bytes: Uint8Array }
  | { readonly kind: 'left-out'; readonly reason: string }

/**
 * Reads an image for embedding. A file that is not the one that was reviewed is never shown.
 * @param path null when nothing is known of the file
 */
export async function readPicture(path: string | null, expected: Sha256): Promise<Picture> {
  const leftOut = (reason: string): Picture => ({ kind: 'left-out', reason })
  if (path === null) return leftOut('The image file was not at hand.')
  try {
    const { size } = await stat(path)
    if (size > largestFile) {
      return leftOut(
        `The image file (${formatBytes(size)}) is larger than ${formatBytes(largestFile)} and not embedded.`,
      )
    }
    const bytes = await readFile(path)
    if (sha256(bytes) !== expected) {
      return leftOut('The image file has changed since it was reviewed; it is not shown.')
    }
    return { kind: 'shown', bytes: isPng(bytes) ? opaquePng(bytes) : withoutMetadata(bytes) }
  } catch {
    return leftOut('The image file could not be read; it is not shown.')
  }
}
