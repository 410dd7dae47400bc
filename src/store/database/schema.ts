import Database from 'better-sqlite3'
import { z } from 'zod'
import type { Migration } from '../migrations/migration'
import { bindingOptions } from './nativeBinding'
import { migrate } from './migrate'
import type { Db } from './sql'

const objectRow = z.object({ type: z.string(), name: z.string(), sql: z.string() })
export type SchemaObject = z.infer<typeof objectRow>

export interface SchemaComparison {
  /** Tables that are missing or differ: the database is not what it says it is. */
  readonly wrongTables: readonly string[]
  /** Indexes and triggers that are missing or differ, as they should be. */
  readonly wrongGuards: readonly SchemaObject[]
}

/** The schema that these steps make. */
export function expectedSchema(
  migrations: readonly Migration[],
  nativeBinding: string | undefined,
): SchemaObject[] {
  const fresh = new Database(':memory:', bindingOptions(nativeBinding))
  try {
    migrate(fresh, migrations)
    return schemaOf(fresh)
  } finally {
    fresh.close()
  }
}

/** Finds what integrity_check does not: a table that is gone, a byte flipped in its definition. */
export function compareSchema(
  present: readonly SchemaObject[],
  expected: readonly SchemaObject[],
): SchemaComparison {
  const definitions = new Map(present.map(({ name, sql }) => [name, sql]))
  const wrong = expected.filter(({ name, sql }) => definitions.get(name) !== sql)
  return {
    wrongTables: wrong.filter(({ type }) => type === 'table').map(({ name }) => name),
    wrongGuards: wrong.filter(({ type }) => type !== 'table'),
  }
}

/** Tables, indexes and triggers with their definitions; what SQLite makes by itself has none. */
export function schemaOf(db: Db): SchemaObject[] {
  return z
    .array(objectRow)
    .parse(db.prepare('SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL').all())
}

/** Puts indexes and triggers back as they should be. */
export function restoreGuards(db: Db, guards: readonly SchemaObject[]): void {
  db.transaction(() => {
    for (const { type, name, sql } of guards) {
      // Identifiers take no parameters; these come from our own migrations.
      db.exec(
        type === 'trigger' ? `DROP TRIGGER IF EXISTS ${name}` : `DROP INDEX IF EXISTS ${name}`,
      )
      db.exec(sql)
    }
  }).immediate()
}
