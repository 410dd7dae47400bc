import { createHash } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, readdirSync } from 'node:fs'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../shared/errors'
import { sha256Schema, type Sha256 } from '../shared/hash'
import { makePrivateFolder, syncFolder } from './files'
import { codeOf, damaged, storageError } from './storageError'

/**
 * Content-addressed files: `blobs/ab/<sha256>`. A blob has its name only once its bytes are on
 * disk, and a row refers to it only once it has its name.
 */
export interface Blobs {
  readonly put: (bytes: Uint8Array) => Promise<Sha256>
  readonly putNow: (bytes: Uint8Array) => Sha256
  /** @throws AppError `not-found` when it is gone, `storage-corrupt` when its bytes differ */
  readonly read: (sha256: Sha256, what: string) => Promise<Uint8Array<ArrayBuffer>>
  /** Deletes those which nothing refers to and nobody is about to refer to. */
  readonly sweep: (candidates: Iterable<Sha256>, isReferenced: (sha256: Sha256) => boolean) => void
  /** Keeps blobs with this hash from being swept until the returned function is called. */
  readonly hold: (sha256: Sha256) => () => void
}

export function hashOf(bytes: Uint8Array): Sha256 {
  return sha256Schema.parse(createHash('sha256').update(bytes).digest('hex'))
}

export function blobsExist(folder: string): boolean {
  const root = join(folder, 'blobs')
  if (!existsSync(root)) return false
  return readdirSync(root).some(
    (entry) => /^[0-9a-f]{2}$/.test(entry) && readdirSync(join(root, entry)).length > 0,
  )
}

export function openBlobs(folder: string, newId: () => string): Blobs {
  const root = join(folder, 'blobs')
  const incoming = join(root, 'incoming')
  makePrivateFolder(root)
  // What a killed process left half-written has no name yet, so nothing refers to it.
  rmSync(incoming, { recursive: true, force: true })
  makePrivateFolder(incoming)

  const held = new Map<Sha256, number>()
  const pathOf = (sha256: Sha256) => join(root, sha256.slice(0, 2), sha256)
  const shelfOf = (sha256: Sha256) => {
    const shelf = join(root, sha256.slice(0, 2))
    if (!existsSync(shelf)) {
      makePrivateFolder(shelf)
      syncFolder(root)
    }
    return shelf
  }

  return {
    put: async (bytes) => {
      const sha256 = hashOf(bytes)
      const temporary = join(incoming, newId())
      try {
        const file = await open(temporary, 'wx', 0o600)
        try {
          await file.writeFile(bytes)
          await file.sync()
        } finally {
          await file.close()
        }
        const shelf = shelfOf(sha256)
        // Written anew even when it is there: that heals a damaged one.
        await rename(temporary, pathOf(sha256))
        syncFolder(shelf)
      } catch (thrown) {
        await rm(temporary, { force: true })
        throw storageError(thrown)
      }
      return sha256
    },

    putNow: (bytes) => {
      const sha256 = hashOf(bytes)
      const temporary = join(incoming, newId())
      try {
        const descriptor = openSync(temporary, 'wx', 0o600)
        try {
          writeFileSync(descriptor, bytes)
          fsyncSync(descriptor)
        } finally {
          closeSync(descriptor)
        }
        const shelf = shelfOf(sha256)
        renameSync(temporary, pathOf(sha256))
        syncFolder(shelf)
      } catch (thrown) {
        rmSync(temporary, { force: true })
        throw storageError(thrown)
      }
      return sha256
    },

    read: async (sha256, what) => {
      let bytes: Uint8Array<ArrayBuffer>
      try {
        bytes = new Uint8Array(await readFile(pathOf(sha256)))
      } catch (thrown) {
        if (codeOf(thrown) !== 'ENOENT') throw storageError(thrown)
        throw new AppError(
          'not-found',
          `The stored ${what} is missing from the data folder.`,
          'It can be made again from the image and the model.',
        )
      }
      if (hashOf(bytes) !== sha256) throw damaged(what, 'its bytes differ from their hash')
      return bytes
    },

    sweep: (candidates, isReferenced) => {
      for (const sha256 of new Set(candidates)) {
        if (held.has(sha256) || isReferenced(sha256)) continue
        try {
          rmSync(pathOf(sha256), { force: true })
        } catch {
          // The change itself is saved; a blob that stays behind takes room and does no harm.
        }
      }
    },

    hold: (sha256) => {
      held.set(sha256, (held.get(sha256) ?? 0) + 1)
      let released = false
      return () => {
        if (released) return
        released = true
        const left = (held.get(sha256) ?? 1) - 1
        if (left > 0) held.set(sha256, left)
        else held.delete(sha256)
      }
    },
  }
}
