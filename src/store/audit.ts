import { createHash } from 'node:crypto'
import { z } from 'zod'
import { canonicalJson } from '../shared/canonicalJson'
import { command, countRow, json, query, type Db } from './database/sql'
import { damaged } from './storageError'
import type { Audit, AuditEntry, Verification } from './types'

export interface AuditTrail extends Audit {
  /** Call it inside the transaction of the change it tells of. */
  readonly append: (entry: {
    readonly kind: string
    readonly sessionId: string | null
    readonly imageId: string | null
    readonly payload: unknown
  }) => void
}

const entryRow = z.object({
  seq: z.number().int(),
  time: z.string(),
  reviewer: z.string(),
  sessionId: z.string().nullable(),
  imageId: z.string().nullable(),
  kind: z.string(),
  payload: z.string(),
  previous: z.string(),
  hash: z.string(),
})
type EntryRow = z.infer<typeof entryRow>

const headRow = z.object({ seq: z.number().int(), hash: z.string() })
const genesis = '0'.repeat(64)

const columns = `seq, time, reviewer, session_id AS sessionId, image_id AS imageId, kind, payload,
  previous, hash`

/**
 * The append-only audit trail. Each entry's hash is the sha256 of the canonical JSON of
 * `{ imageId, kind, payload, previous, reviewer, seq, sessionId, time }`, so that anyone can
 * recompute the chain.
 */
export function createAudit(db: Db, now: () => string, reviewer: () => string): AuditTrail {
  const head = query(db, 'audit trail', headRow, 'SELECT seq, hash FROM audit_head')
  const setHead = command(db, 'UPDATE audit_head SET seq = ?, hash = ?')
  const insert = command(
    db,
    `INSERT INTO audit (seq, time, reviewer, session_id, image_id, kind, payload, previous, hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const all = query(db, 'audit entry', entryRow, `SELECT ${columns} FROM audit ORDER BY seq`)
  const ofSession = query(
    db,
    'audit entry',
    entryRow,
    `SELECT ${columns} FROM audit WHERE session_id = ? ORDER BY seq`,
  )
  const page = query(
    db,
    'audit entry',
    z.unknown(),
    `SELECT ${columns} FROM audit WHERE seq > ? ORDER BY seq LIMIT 500`,
  )
  const counted = query(db, 'audit trail', countRow, 'SELECT count(*) AS count FROM audit')

  const currentHead = () => {
    const row = head.one()
    if (!row) throw damaged('audit trail', 'its head is missing')
    return row
  }

  return {
    append: ({ kind, sessionId, imageId, payload }) => {
      const { seq: last, hash: previous } = currentHead()
      const entry = {
        seq: last + 1,
        time: now(),
        // SQLite keeps text as UTF-8; what is hashed must be what reads back.
        reviewer: Buffer.from(reviewer(), 'utf8').toString('utf8'),
        sessionId,
        imageId,
        kind,
        payload,
        previous,
      }
      const hash = sha256(canonicalJson(entry))
      insert(
        entry.seq,
        entry.time,
        entry.reviewer,
        sessionId,
        imageId,
        kind,
        canonicalJson(payload),
        previous,
        hash,
      )
      setHead(entry.seq, hash)
    },
    entries: (sessionId) =>
      (sessionId === undefined ? all.all() : ofSession.all(sessionId)).map(toEntry),
    head: () => currentHead().hash,
    count: () => counted.one()?.count ?? 0,
    verify: () => verify(currentHead, page),
  }
}

function toEntry(row: EntryRow): AuditEntry {
  const payload = json(z.unknown()).safeParse(row.payload)
  if (!payload.success) throw damaged(`audit entry ${row.seq}`, 'its payload is not JSON')
  return { ...row, payload: payload.data }
}

/** Walks the chain in pages, so that its length does not matter to the memory. */
function verify(
  currentHead: () => z.infer<typeof headRow>,
  page: { readonly all: (...parameters: readonly number[]) => unknown[] },
): Verification {
  const broken = (seq: number): Verification => ({ intact: false, firstBroken: seq })
  let last = { seq: 0, hash: genesis }
  for (;;) {
    const rows = page.all(last.seq)
    if (rows.length === 0) break
    for (const raw of rows) {
      const row = entryRow.safeParse(raw)
      const expected = last.seq + 1
      if (!row.success || row.data.seq !== expected || !follows(row.data, last.hash)) {
        return broken(expected)
      }
      last = { seq: row.data.seq, hash: row.data.hash }
    }
  }
  const head = currentHead()
  if (head.seq !== last.seq) return broken(Math.min(head.seq, last.seq) + 1)
  return head.hash === last.hash ? { intact: true, firstBroken: null } : broken(last.seq)
}

function follows(row: EntryRow, previous: string): boolean {
  const { hash, ...rest } = row
  const payload = json(z.unknown()).safeParse(row.payload)
  return (
    payload.success &&
    canonicalJson(payload.data) === row.payload &&
    row.previous === previous &&
    sha256(canonicalJson({ ...rest, payload: payload.data })) === hash
  )
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
