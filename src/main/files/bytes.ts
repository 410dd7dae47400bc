import { open } from 'node:fs/promises'
import { AppError } from '../../shared/errors'
import type { Sha256 } from '../../shared/hash'

/** Larger files are not sent to the window. Bytes. */
export const largestImageFile = 512 * 1024 * 1024

/** Bytes that no one else holds, as a message can carry them. */
export function toArrayBuffer(bytes: ArrayBufferView): ArrayBuffer {
  const copy = new Uint8Array(bytes.byteLength)
  copy.set(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  return copy.buffer
}

/**
 * A file's bytes, if they are still those of the hash.
 * @throws AppError `invalid-image` when the file is too large or has changed.
 */
export async function readUnchanged(path: string, sha256: Sha256): Promise<ArrayBuffer> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    if (size > largestImageFile) {
      throw new AppError(
        'invalid-image',
        'This file is larger than 512 MB, too large to be shown.',
        'Export the part in question as a PNG or JPEG image of its own.',
      )
    }
    const content = toArrayBuffer(await file.readFile())
    // Hashed by WebCrypto, in a thread of its own: main must not stand still for it.
    const digest = await crypto.subtle.digest('SHA-256', content)
    if (Buffer.from(digest).toString('hex') !== sha256) {
      throw new AppError(
        'invalid-image',
        'This file has changed since it was added to the session; your review of it is kept.',
        'Put the original back, or add the changed file as a new image.',
      )
    }
    return content
  } finally {
    await file.close()
  }
}
