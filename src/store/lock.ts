import { closeSync, openSync, rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { z } from 'zod'
import { AppError } from '../shared/errors'
import { bindingOptions } from './database/nativeBinding'
import { query, type Db } from './database/sql'
import { codeOf, saysCorrupt } from './storageError'

export interface FolderLock {
  readonly release: () => void
}

const holderSchema = z.object({ pid: z.number(), host: z.string(), since: z.string() })

/**
 * Keeps a second program instance out of the data folder.
 *
 * The lock is an open write transaction on a small SQLite file of its own: the operating system
 * drops it with the process, however that dies, so no stale lock can remain and no process id can
 * be mistaken for another's. The row in it only tells who holds it.
 * @throws AppError `io` when another instance holds the folder, naming it
 */
export function lockFolder(
  folder: string,
  nativeBinding: string | undefined,
  now: () => Date,
): FolderLock {
  const path = join(folder, 'pixelwise.lock')
  try {
    return hold(path, nativeBinding, now)
  } catch (thrown) {
    if (thrown instanceof AppError || !saysCorrupt(thrown)) throw thrown
    // It holds nothing that is worth keeping.
    rmSync(path)
    return hold(path, nativeBinding, now)
  }
}

function hold(path: string, nativeBinding: string | undefined, now: () => Date): FolderLock {
  const binding = bindingOptions(nativeBinding)
  closeSync(openSync(path, 'a', 0o600))
  const db = new Database(path, { ...binding, timeout: 0 })
  try {
    // Neither durability nor a journal file is wanted of it: it must work on a full disk too.
    db.pragma('journal_mode = MEMORY')
    db.pragma('synchronous = OFF')
    db.exec('BEGIN IMMEDIATE')
    db.exec(`CREATE TABLE IF NOT EXISTS holder (
      id INTEGER PRIMARY KEY CHECK (id = 1), pid INTEGER NOT NULL, host TEXT NOT NULL, since TEXT NOT NULL
    ) STRICT`)
    db.prepare('INSERT OR REPLACE INTO holder (id, pid, host, since) VALUES (1, ?, ?, ?)').run(
      process.pid,
      hostname(),
      now().toISOString(),
    )
    db.exec('COMMIT')
    db.exec('BEGIN IMMEDIATE')
    return { release: () => db.close() }
  } catch (thrown) {
    const taken = /^SQLITE_(BUSY|LOCKED)/.test(codeOf(thrown))
    const error = taken ? heldBy(db) : thrown
    db.close()
    throw error
  }
}

function heldBy(db: Db): AppError {
  let holder = ''
  try {
    const row = query(db, 'lock', holderSchema, 'SELECT pid, host, since FROM holder').one()
    if (row) holder = ` (process ${row.pid} on ${row.host}, since ${row.since})`
  } catch {
    // The other instance is writing this very moment; that it is there is all one needs to know.
  }
  return new AppError(
    'io',
    `Pixelwise already has this data folder open${holder}. Nothing was changed.`,
    'Use the window that is open, or close it and start again.',
  )
}
