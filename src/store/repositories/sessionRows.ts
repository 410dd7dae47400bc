import { z } from 'zod'
import { modelCardSchema } from '../../shared/card'
import { sha256Schema } from '../../shared/hash'
import { decisionSchema } from '../../shared/review/verdict'
import { imageIdSchema, sessionIdSchema, viewStateSchema } from '../../shared/session'
import { command, flag, json, query, type Db } from '../database/sql'

const summaryRow = z.object({
  id: sessionIdSchema,
  name: z.string(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  modelName: z.string(),
  sample: flag,
  imageCount: z.number().int(),
  judgedCount: z.number().int(),
})

const sessionRow = z.object({
  id: sessionIdSchema,
  name: z.string(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  sample: flag,
  view: json(viewStateSchema),
})

const modelRow = z.object({
  path: z.string(),
  fileName: z.string(),
  sha256: sha256Schema,
  cardSha256: sha256Schema,
  card: json(modelCardSchema),
})

const imageRow = z.object({
  id: imageIdSchema,
  path: z.string(),
  name: z.string(),
  sha256: sha256Schema,
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  bytes: z.number().int(),
  decision: decisionSchema.nullable(),
  regionCount: z.number().int(),
  spoken: flag,
})

const previewLength = 4

/** The statements behind the sessions repository. */
export function sessionStatements(db: Db) {
  return {
    summaries: query(
      db,
      'session',
      summaryRow,
      `SELECT session.id, session.name, session.created_at AS createdAt,
         session.updated_at AS updatedAt, session.model_name AS modelName, session.sample,
         count(image.id) AS imageCount, count(verdict.decision) AS judgedCount
       FROM session
         LEFT JOIN image ON image.session_id = session.id
         LEFT JOIN verdict ON verdict.image_id = image.id
       GROUP BY session.id
       ORDER BY session.updated_at DESC, session.rowid DESC`,
    ),
    preview: query(
      db,
      'image',
      z.object({ id: imageIdSchema }),
      `SELECT id FROM image WHERE session_id = ? ORDER BY position LIMIT ${previewLength}`,
    ),
    one: query(
      db,
      'session',
      sessionRow,
      `SELECT id, name, created_at AS createdAt, updated_at AS updatedAt, sample, view
       FROM session WHERE id = ?`,
    ),
    model: query(
      db,
      'model of a session',
      modelRow,
      `SELECT model_path AS path, model_file_name AS fileName, model_sha256 AS sha256,
         card_sha256 AS cardSha256, card
       FROM session WHERE id = ?`,
    ),
    images: query(
      db,
      'image',
      imageRow,
      `SELECT image.id, image.path, image.name, image.sha256, image.width, image.height,
         image.bytes, verdict.decision,
         (SELECT count(*) FROM region WHERE region.image_id = image.id) AS regionCount,
         coalesce(verdict.correct_class IS NOT NULL OR verdict.confidence IS NOT NULL
           OR verdict.plausible IS NOT NULL OR verdict.comment <> '', 0) AS spoken
       FROM image LEFT JOIN verdict ON verdict.image_id = image.id
       WHERE image.session_id = ? ORDER BY image.position`,
    ),
    files: query(
      db,
      'image',
      z.object({ path: z.string(), sha256: sha256Schema, position: z.number().int() }),
      'SELECT path, sha256, position FROM image WHERE session_id = ?',
    ),
    last: query(
      db,
      'session',
      z.object({ id: sessionIdSchema.nullable() }),
      'SELECT last_session AS id FROM program_state',
    ),
    samplesMade: query(
      db,
      'session',
      z.object({ made: flag }),
      'SELECT samples_made AS made FROM program_state',
    ),
    insert: command(
      db,
      `INSERT INTO session (id, name, sample, created_at, updated_at, model_path, model_file_name,
         model_name, model_sha256, card_sha256, card)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    insertImage: command(
      db,
      `INSERT INTO image (id, session_id, position, path, name, sha256, width, height, bytes,
         thumbnail_sha256)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    rename: command(db, 'UPDATE session SET name = ?, updated_at = ? WHERE id = ?'),
    touch: command(db, 'UPDATE session SET updated_at = ? WHERE id = ?'),
    remove: command(db, 'DELETE FROM session WHERE id = ?'),
    saveView: command(db, 'UPDATE session SET view = ? WHERE id = ?'),
    remember: command(db, 'UPDATE program_state SET last_session = ?'),
    noteSamples: command(db, 'UPDATE program_state SET samples_made = 1'),
  }
}
