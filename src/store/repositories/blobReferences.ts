import { z } from 'zod'
import { sha256Schema, type Sha256 } from '../../shared/hash'
import { flag, query, type Db } from '../database/sql'

export interface BlobReferences {
  readonly isReferenced: (sha256: Sha256) => boolean
  /** Thumbnails and relevance arrays of a session. */
  readonly ofSession: (sessionId: string) => Sha256[]
}

export function createBlobReferences(db: Db): BlobReferences {
  const used = query(
    db,
    'image',
    z.object({ used: flag }),
    `SELECT EXISTS (SELECT 1 FROM image WHERE thumbnail_sha256 = ?)
         OR EXISTS (SELECT 1 FROM explanation WHERE relevance_sha256 = ?) AS used`,
  )
  const ofSession = query(
    db,
    'image',
    z.object({ sha256: sha256Schema }),
    `SELECT thumbnail_sha256 AS sha256 FROM image WHERE session_id = ?
     UNION SELECT relevance_sha256 FROM explanation
       JOIN image ON image.id = explanation.image_id WHERE image.session_id = ?`,
  )
  return {
    isReferenced: (sha256) => used.one(sha256, sha256)?.used ?? false,
    ofSession: (sessionId) => ofSession.all(sessionId, sessionId).map(({ sha256 }) => sha256),
  }
}
