import { z } from 'zod'
import type { Migration } from '../migrations/migration'
import { applicationId } from './connection'
import type { Db } from './sql'

export function versionOf(db: Db): number {
  return z
    .number()
    .int()
    .parse(db.pragma('user_version', { simple: true }))
}

/** The version that the last step leads to. Steps count 1, 2, 3, … */
export function latestVersion(migrations: readonly Migration[]): number {
  migrations.forEach((migration, index) => {
    if (migration.version !== index + 1) {
      throw new Error(`migration "${migration.name}" must have version ${index + 1}`)
    }
  })
  return migrations.length
}

/**
 * Runs all pending steps in one transaction, `user_version` and `application_id` with them:
 * whatever interrupts it, the database has the old schema or the new one.
 */
export function migrate(db: Db, migrations: readonly Migration[]): void {
  const target = latestVersion(migrations)
  const current = versionOf(db)
  if (current >= target) return
  db.transaction(() => {
    // A step may rebuild tables in any order; references must hold again at the end.
    db.pragma('defer_foreign_keys = ON')
    for (const migration of migrations.slice(current)) migration.up(db)
    const dangling = z.array(z.unknown()).parse(db.pragma('foreign_key_check'))
    if (dangling.length > 0) {
      throw new Error(`${dangling.length} rows refer to rows that are gone after the migration`)
    }
    // Pragmas take no parameters; both numbers are our own.
    db.pragma(`application_id = ${applicationId}`)
    db.pragma(`user_version = ${target}`)
  }).exclusive()
}
