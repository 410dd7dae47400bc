import { closeSync, openSync } from 'node:fs'
import Database from 'better-sqlite3'
import { AppError } from '../../shared/errors'
import { bindingOptions } from './nativeBinding'
import type { Db } from './sql'

/** "PxWs" in ASCII: tells this program's databases from others'. */
export const applicationId = 0x50785773

export interface ConnectionOptions {
  readonly nativeBinding?: string
  readonly maxPages?: number
}

/**
 * Opens the database for writing and sets what SQLite does not remember: `synchronous` falls back
 * to NORMAL when a WAL database is reopened, so every open sets everything.
 */
export function openConnection(path: string, options: ConnectionOptions = {}): Db {
  const binding = bindingOptions(options.nativeBinding)
  // Made before SQLite sees it, so that patient data never lies in a file others may read;
  // the -wal and -shm files take over the mode.
  closeSync(openSync(path, 'a', 0o600))
  const db = new Database(path, { ...binding, timeout: 5000 })
  try {
    if (db.pragma('journal_mode = WAL', { simple: true }) !== 'wal') {
      throw new AppError(
        'io',
        'The data folder lies on a file system that cannot hold the database safely.',
        'Choose a data folder on a local disk, not on a network share.',
      )
    }
    db.pragma('synchronous = FULL')
    // macOS: fsync alone leaves data in the drive's cache.
    db.pragma('checkpoint_fullfsync = ON')
    db.pragma('foreign_keys = ON')
    db.pragma('trusted_schema = OFF')
    db.pragma('cell_size_check = ON')
    // What a user deletes is overwritten, not only unlinked.
    db.pragma('secure_delete = ON')
    if (options.maxPages !== undefined) db.pragma(`max_page_count = ${options.maxPages}`)
    return db
  } catch (thrown) {
    db.close()
    throw thrown
  }
}

/** Opens for reading only: a look that changes nothing. */
export function openReadOnly(path: string, nativeBinding: string | undefined): Db {
  return new Database(path, { ...bindingOptions(nativeBinding), readonly: true, timeout: 5000 })
}
