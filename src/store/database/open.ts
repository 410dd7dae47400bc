import { statSync } from 'node:fs'
import { join } from 'node:path'
import { assertNever } from '../../shared/assertNever'
import { AppError, type ErrorShape } from '../../shared/errors'
import { blobsExist } from '../blobs'
import type { Migration } from '../migrations/migration'
import { backUp } from './backup'
import { openConnection } from './connection'
import { examine, type Health } from './health'
import { latestVersion, migrate, versionOf } from './migrate'
import { quarantine, quarantineNotice } from './quarantine'
import { restoreGuards } from './schema'
import type { Db } from './sql'

export interface DatabaseOptions {
  readonly folder: string
  readonly nativeBinding?: string
  readonly now: () => Date
  readonly maxPages?: number
  readonly migrations: readonly Migration[]
}

export interface OpenedDatabase {
  readonly db: Db
  readonly notices: readonly ErrorShape[]
}

/**
 * Opens `pixelwise.db` in the folder, whatever lies there: nothing, ours, an older one (backed up,
 * then migrated), a damaged or foreign one (quarantined, with a notice).
 * @throws AppError `storage-newer` for one of a newer program, which is left untouched
 */
export function openDatabase(options: DatabaseOptions): OpenedDatabase {
  const { folder, migrations, nativeBinding, now } = options
  const path = join(folder, 'pixelwise.db')
  const health = examine(path, migrations, nativeBinding)
  if (health.kind === 'newer') throw newer(health.version, latestVersion(migrations))

  const notices: ErrorShape[] = []
  const reason = reasonToQuarantine(health, folder, path)
  if (reason !== null) {
    notices.push(quarantineNotice(reason, quarantine(folder, path, now), folder))
  }

  const db = openConnection(path, options)
  try {
    if (health.kind === 'good') {
      restoreGuards(db, health.wrongGuards)
      if (health.wrongGuards.some(({ type }) => type === 'trigger')) notices.push(guardNotice)
      const version = versionOf(db)
      if (version < latestVersion(migrations)) {
        backUp(db, { folder, version, now, nativeBinding })
      }
    }
    migrate(db, migrations)
  } catch (thrown) {
    db.close()
    throw thrown
  }
  return { db, notices }
}

function reasonToQuarantine(health: Health, folder: string, path: string): string | null {
  switch (health.kind) {
    case 'good':
    case 'newer':
      return null
    case 'bad':
      return health.reason
    case 'missing':
    case 'empty':
    case 'blank': {
      // A first start finds nothing; an empty database beside results is a lost one.
      const log = statSync(`${path}-wal`, { throwIfNoEntry: false })
      const orphanedLog = health.kind !== 'blank' && (log?.size ?? 0) > 0
      if (!blobsExist(folder) && !orphanedLog) return null
      const state = health.kind === 'missing' ? 'missing' : 'empty'
      return `The database is ${state} although other data of the program are there.`
    }
    default:
      return assertNever(health)
  }
}

function newer(found: number, known: number): AppError {
  return new AppError(
    'storage-newer',
    `The data were written by a newer version of Pixelwise (format ${found}; this one knows ${known}). Nothing was changed.`,
    'Start the newer version, or choose another data folder.',
  )
}

const guardNotice: ErrorShape = {
  code: 'storage-corrupt',
  message: 'The protection of the audit trail had been taken out of the database; it is back.',
  hint: 'Check in the next report whether the audit trail is intact.',
}
