import { endianness } from 'node:os'
import { z } from 'zod'
import { AppError } from '../../shared/errors'
import { explanationResultSchema } from '../../shared/explanation/result'
import { sha256Schema } from '../../shared/hash'
import { hashOf } from '../blobs'
import { canonicalJson } from '../../shared/canonicalJson'
import { command, json, query, transaction } from '../database/sql'
import { damaged } from '../storageError'
import type { Explanations } from '../types'
import type { BlobReferences } from './blobReferences'
import type { Context } from './context'
import type { ImageGuard } from './imageGuard'

const storedRow = z.object({
  result: json(explanationResultSchema),
  relevanceSha256: sha256Schema,
})

export function createExplanations(
  { db, blobs, now }: Context,
  guard: ImageGuard,
  references: BlobReferences,
): Explanations {
  // Relevance files are little-endian, and so is every platform the program runs on.
  if (endianness() !== 'LE') throw new Error('a big-endian machine is not supported')

  const bySpec = query(
    db,
    'explanation',
    storedRow,
    `SELECT result, relevance_sha256 AS relevanceSha256
     FROM explanation WHERE image_id = ? AND spec = ?`,
  )
  const last = query(
    db,
    'explanation',
    storedRow,
    `SELECT result, relevance_sha256 AS relevanceSha256
     FROM explanation WHERE image_id = ? ORDER BY id DESC LIMIT 1`,
  )
  const replaced = query(
    db,
    'explanation',
    z.object({ sha256: sha256Schema }),
    'SELECT relevance_sha256 AS sha256 FROM explanation WHERE image_id = ? AND spec = ?',
  )
  const remove = command(db, 'DELETE FROM explanation WHERE image_id = ? AND spec = ?')
  // A fresh row always gets the highest id, which is what `latest` goes by.
  const insert = command(
    db,
    `INSERT INTO explanation (id, image_id, spec, result, relevance_sha256, saved_at)
     VALUES ((SELECT coalesce(max(id), 0) + 1 FROM explanation), ?, ?, ?, ?, ?)`,
  )

  return {
    find: (imageId, spec) => bySpec.one(imageId, canonicalJson(spec)) ?? null,
    latest: (imageId) => last.one(imageId) ?? null,

    save: async (imageId, result, relevance) => {
      const parsed = explanationResultSchema.safeParse(result)
      if (!parsed.success) {
        const [issue] = parsed.error.issues
        throw new AppError(
          'invalid-input',
          `This explanation is not valid and was not saved (${issue?.path.join('.') ?? ''}).`,
        )
      }
      const size = parsed.data.shape.reduce((product, length) => product * length, 1)
      if (size !== relevance.length) {
        throw new AppError(
          'invalid-input',
          `The relevance has ${relevance.length} values where its shape says ${size}; it was not saved.`,
        )
      }
      guard.require(imageId)
      // A copy: the caller may hand its buffer on while the blob is being written.
      const copy = relevance.slice()
      const bytes = new Uint8Array(copy.buffer, copy.byteOffset, copy.byteLength)
      const relevanceSha256 = hashOf(bytes)
      const release = blobs.hold(relevanceSha256)
      const stale = [relevanceSha256]
      try {
        await blobs.put(bytes)
        const spec = canonicalJson(parsed.data.spec)
        transaction(db, () => {
          guard.require(imageId)
          stale.push(...replaced.all(imageId, spec).map(({ sha256 }) => sha256))
          remove(imageId, spec)
          insert(imageId, spec, JSON.stringify(parsed.data), relevanceSha256, now())
        })
      } finally {
        release()
        if (db.open) blobs.sweep(stale, references.isReferenced)
      }
      return { relevanceSha256 }
    },

    relevance: async (sha256) => {
      const bytes = await blobs.read(sha256, 'relevance')
      if (bytes.byteLength % Float32Array.BYTES_PER_ELEMENT !== 0) {
        throw damaged('relevance', 'it does not consist of float32 values')
      }
      return new Float32Array(bytes.buffer)
    },
  }
}
