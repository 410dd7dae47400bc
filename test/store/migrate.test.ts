import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/store/database/open'
import { openReadOnly } from '../../src/store/database/connection'
import { versionOf } from '../../src/store/database/migrate'
import { schemaOf } from '../../src/store/database/schema'
import { migrations } from '../../src/store/migrations'
import type { Migration } from '../../src/store/migrations/migration'
import {
  createSession,
  nativeBinding,
  open,
  openRaw,
  steppingClock,
  temporaryFolder,
} from './support'

const count = migrations.length

/** A step as a later version may have it: it rebuilds a table that others refer to. */
const rebuild: Migration = {
  version: count + 1,
  name: 'rebuild verdicts',
  up: (db) => {
    db.exec(`
CREATE TABLE judgement (
  image_id TEXT PRIMARY KEY NOT NULL REFERENCES image (id) ON DELETE CASCADE,
  decision TEXT, remark TEXT NOT NULL
) STRICT;
INSERT INTO judgement SELECT image_id, decision, upper(comment) FROM verdict;
DROP TABLE verdict;`)
  },
}
const failing: Migration = {
  version: count + 2,
  name: 'failing',
  up: (db) => {
    db.exec('CREATE TABLE half_done (x INTEGER) STRICT')
    throw new Error('power went out')
  },
}
const dangling: Migration = {
  version: count + 1,
  name: 'dangling',
  up: (db) => {
    db.exec("UPDATE image SET session_id = 'nobody'")
  },
}

/** A folder as the present version leaves it, with one judged image. */
function folderWithData(): string {
  const folder = temporaryFolder()
  const { store } = open(folder)
  const { imageId } = createSession(store)
  store.reviews.apply(imageId, {
    kind: 'set-verdict',
    patch: { decision: 'disagree', comment: 'nuclei' },
  })
  store.close()
  return folder
}

function openWith(folder: string, steps: readonly Migration[]) {
  return openDatabase({ folder, nativeBinding, now: steppingClock(), migrations: steps })
}

describe('migrations', () => {
  it('count 1, 2, 3, …', () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, i) => i + 1))
    expect(() => openWith(temporaryFolder(), [...migrations, failing])).toThrow('must have version')
  })

  it('0001 makes STRICT tables only, and empty ones but for the two single rows', () => {
    const db = openRaw(temporaryFolder(), migrations.slice(0, 1))
    expect(versionOf(db)).toBe(1)
    const tables = schemaOf(db).filter(({ type }) => type === 'table')
    expect(tables.map(({ name }) => name).toSorted()).toEqual([
      'audit',
      'audit_head',
      'explanation',
      'history',
      'image',
      'prediction',
      'program_state',
      'region',
      'session',
      'verdict',
    ])
    for (const { sql } of tables) expect(sql).toMatch(/STRICT$/)
  })

  it('lead from the version before with its data, and back it up first', () => {
    const folder = folderWithData()
    const { db, notices } = openWith(folder, [...migrations, rebuild])
    expect(notices).toEqual([])
    expect(versionOf(db)).toBe(count + 1)
    expect(db.prepare('SELECT decision, remark FROM judgement').all()).toEqual([
      { decision: 'disagree', remark: 'NUCLEI' },
    ])
    db.close()

    const [name = '', ...others] = readdirSync(join(folder, 'backups'))
    expect(others).toEqual([])
    expect(name).toMatch(new RegExp(`-v${count}\\.db$`))
    const backup = openReadOnly(join(folder, 'backups', name), nativeBinding)
    expect(versionOf(backup)).toBe(count)
    expect(backup.prepare('SELECT comment FROM verdict').all()).toEqual([{ comment: 'nuclei' }])
    backup.close()
  })

  it('happen whole or not at all', () => {
    const folder = folderWithData()
    expect(() => openWith(folder, [...migrations, rebuild, failing])).toThrow('power went out')
    const { store, notices } = open(folder)
    expect(notices).toEqual([])
    expect(store.sessions.list()).toHaveLength(1)
    expect(store.sessions.list()[0]?.judgedCount).toBe(1)
  })

  it('are refused when rows would refer to nothing afterwards', () => {
    const folder = folderWithData()
    expect(() => openWith(folder, [...migrations, dangling])).toThrow('refer to rows that are gone')
    expect(open(folder).store.sessions.list()[0]?.imageCount).toBe(2)
  })

  it('keep five backups, the newest', () => {
    const folder = folderWithData()
    const now = steppingClock()
    for (let attempt = 0; attempt < 7; attempt += 1) {
      const attemptOnce = () =>
        openDatabase({ folder, nativeBinding, now, migrations: [...migrations, rebuild, failing] })
      expect(attemptOnce).toThrow('power went out')
    }
    const names = readdirSync(join(folder, 'backups')).toSorted()
    expect(names).toHaveLength(5)
    expect(names[0]).toContain('09-27-2')
  })

  it('make no backup of a fresh database', () => {
    const folder = temporaryFolder()
    open(folder)
    expect(existsSync(join(folder, 'backups'))).toBe(false)
  })
})

describe('pragmas', () => {
  it('are what they must be after a reopen', () => {
    const folder = temporaryFolder()
    openRaw(folder).close()
    const db = openRaw(folder)
    const value = (name: string) => db.pragma(name, { simple: true })
    expect(value('journal_mode')).toBe('wal')
    expect(value('synchronous')).toBe(2)
    expect(value('foreign_keys')).toBe(1)
    expect(value('trusted_schema')).toBe(0)
    expect(value('cell_size_check')).toBe(1)
    expect(value('secure_delete')).toBe(1)
    expect(value('busy_timeout')).toBe(5000)
    expect(value('application_id')).toBe(0x50785773)
    expect(value('user_version')).toBe(count)
  })
})
