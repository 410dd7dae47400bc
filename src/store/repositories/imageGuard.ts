import { z } from 'zod'
import { sessionIdSchema, type ImageId, type SessionId } from '../../shared/session'
import { query, type Db } from '../database/sql'
import { notFound } from '../storageError'

const row = z.object({ sessionId: sessionIdSchema, changedAt: z.iso.datetime().nullable() })

export interface ImageGuard {
  /** @throws AppError `not-found` when the image is gone */
  readonly require: (id: ImageId) => {
    readonly sessionId: SessionId
    /** When its review last changed; ISO 8601, UTC. */
    readonly changedAt: string | null
  }
}

export function createImageGuard(db: Db): ImageGuard {
  const select = query(
    db,
    'image',
    row,
    'SELECT session_id AS sessionId, changed_at AS changedAt FROM image WHERE id = ?',
  )
  return {
    require: (id) => {
      const found = select.one(id)
      if (!found) throw notFound('image')
      return found
    },
  }
}
