import { z } from 'zod'
import { sha256Schema } from '../../shared/hash'
import { imageIdSchema, sessionIdSchema } from '../../shared/session'
import { query } from '../database/sql'
import { notFound } from '../storageError'
import type { Images } from '../types'
import type { Context } from './context'

const recordRow = z.object({
  id: imageIdSchema,
  sessionId: sessionIdSchema,
  path: z.string(),
  name: z.string(),
  sha256: sha256Schema,
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  bytes: z.number().int(),
})

export function createImages({ db, blobs }: Context): Images {
  const record = query(
    db,
    'image',
    recordRow,
    `SELECT id, session_id AS sessionId, path, name, sha256, width, height, bytes
     FROM image WHERE id = ?`,
  )
  const thumbnail = query(
    db,
    'image',
    z.object({ sha256: sha256Schema }),
    'SELECT thumbnail_sha256 AS sha256 FROM image WHERE id = ?',
  )
  return {
    record: (id) => {
      const row = record.one(id)
      if (!row) throw notFound('image')
      return row
    },
    thumbnail: async (id) => {
      const row = thumbnail.one(id)
      if (!row) throw notFound('image')
      return blobs.read(row.sha256, 'thumbnail')
    },
  }
}
