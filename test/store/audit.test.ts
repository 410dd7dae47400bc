import { createHash } from 'node:crypto'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../src/shared/canonicalJson'
import { createSession, nativeBinding, open, region, temporaryFolder } from './support'

/** A store with five audit entries, and a second connection that can do anything. */
function withTrail() {
  const folder = temporaryFolder()
  const { store } = open(folder)
  const { id, imageId } = createSession(store)
  store.reviews.apply(imageId, { kind: 'add-region', region: region() })
  store.reviews.apply(imageId, { kind: 'set-verdict', patch: { decision: 'agree' } })
  store.reviews.undo(imageId)
  store.sessions.rename(id, 'Ward 8')
  const tamper = (sql: string) => {
    const db = new Database(join(folder, 'pixelwise.db'), { nativeBinding })
    try {
      db.exec(`DROP TRIGGER audit_keeps_rows; DROP TRIGGER audit_keeps_values; ${sql}`)
    } finally {
      db.close()
    }
  }
  return { folder, store, id, imageId, tamper }
}

describe('audit trail', () => {
  it('chains every change, as anyone can recompute', () => {
    const { store, id, imageId } = withTrail()
    const entries = store.audit.entries()
    expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5])
    expect(entries[0]?.previous).toBe('0'.repeat(64))
    expect(entries[2]).toMatchObject({ sessionId: id, imageId })
    for (const [index, { hash, ...content }] of entries.entries()) {
      expect(createHash('sha256').update(canonicalJson(content)).digest('hex')).toBe(hash)
      if (index > 0) expect(content.previous).toBe(entries[index - 1]?.hash)
    }
    expect(store.audit.head()).toBe(entries.at(-1)?.hash)
    expect(store.audit.count()).toBe(5)
    expect(store.audit.verify()).toEqual({ intact: true, firstBroken: null })
  })

  it('refuses to change or delete an entry', () => {
    const { folder } = withTrail()
    const db = new Database(join(folder, 'pixelwise.db'), { nativeBinding })
    expect(() => db.exec("UPDATE audit SET reviewer = 'x'")).toThrow('append-only')
    expect(() => db.exec('DELETE FROM audit')).toThrow('append-only')
    db.close()
  })

  it.each([
    ['a changed reviewer', "UPDATE audit SET reviewer = 'Dr No' WHERE seq = 3", 3],
    ['a changed time', "UPDATE audit SET time = '2020-01-01T00:00:00.000Z' WHERE seq = 1", 1],
    ['a moved entry', 'UPDATE audit SET image_id = NULL WHERE seq = 2', 2],
    [
      'a changed payload',
      `UPDATE audit SET payload = replace(payload, 'agree', 'disagree') WHERE seq = 3`,
      3,
    ],
    ['white space in a payload', `UPDATE audit SET payload = payload || ' ' WHERE seq = 4`, 4],
    [
      'a payload that is no JSON',
      `PRAGMA ignore_check_constraints = 1;
       UPDATE audit SET payload = '{' WHERE seq = 4`,
      4,
    ],
    ['a changed hash', `UPDATE audit SET hash = '${'f'.repeat(64)}' WHERE seq = 2`, 2],
    ['a missing entry', 'DELETE FROM audit WHERE seq = 3', 3],
    ['a missing first entry', 'DELETE FROM audit WHERE seq = 1', 1],
    ['missing last entries', 'DELETE FROM audit WHERE seq > 3', 4],
    ['an emptied trail', 'DELETE FROM audit', 1],
    [
      'two entries in each other’s place',
      'UPDATE audit SET seq = 9 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 4; UPDATE audit SET seq = 4 WHERE seq = 9',
      3,
    ],
    [
      'an added entry',
      'INSERT INTO audit SELECT 6, time, reviewer, session_id, image_id, kind, payload, hash, hash FROM audit WHERE seq = 5',
      6,
    ],
    [
      'an entry less, with the head set back',
      'DELETE FROM audit WHERE seq = 5; UPDATE audit_head SET seq = 4',
      4,
    ],
  ])('finds %s', (_what, sql, firstBroken) => {
    const { store, tamper } = withTrail()
    tamper(sql)
    expect(store.audit.verify()).toEqual({ intact: false, firstBroken })
  })

  it('still finds missing last entries after new ones were appended', () => {
    const { store, imageId, tamper } = withTrail()
    tamper('DELETE FROM audit WHERE seq = 5')
    store.reviews.apply(imageId, { kind: 'set-verdict', patch: { decision: 'unsure' } })
    expect(store.audit.verify()).toEqual({ intact: false, firstBroken: 5 })
  })

  it('puts the protection back at the next start, and says so', () => {
    const { folder, store, tamper } = withTrail()
    tamper('')
    store.close()
    const reopened = open(folder)
    expect(reopened.notices).toEqual([expect.objectContaining({ code: 'storage-corrupt' })])
    expect(reopened.store.sessions.list()).toHaveLength(1)
    const db = new Database(join(folder, 'pixelwise.db'), { nativeBinding })
    expect(() => db.exec('DELETE FROM audit')).toThrow('append-only')
    db.close()
  })
})

describe('canonical JSON', () => {
  it('does not depend on the order of keys', () => {
    expect(canonicalJson({ b: [{ d: 1, c: undefined }], a: 'µ"' })).toBe(
      '{"a":"µ\\"","b":[{"d":1}]}',
    )
    expect(canonicalJson({ a: 'µ"', b: [{ d: 1 }] })).toBe(
      canonicalJson({ b: [{ d: 1 }], a: 'µ"' }),
    )
  })
})
