import type Database from 'better-sqlite3'
import { z } from 'zod'
import { damaged, storageError } from '../storageError'

export type Db = Database.Database
export type SqlValue = string | number | null

export interface Query<T> {
  readonly one: (...parameters: readonly SqlValue[]) => T | undefined
  readonly all: (...parameters: readonly SqlValue[]) => T[]
}

/**
 * A prepared SELECT whose rows are parsed on the way out.
 * @throws AppError `storage-corrupt`, naming `what`, for a row that does not parse.
 */
export function query<T>(db: Db, what: string, row: z.ZodType<T>, sql: string): Query<T> {
  const statement = db.prepare<SqlValue[]>(sql)
  const parse = (raw: unknown): T => {
    const parsed = row.safeParse(raw)
    if (parsed.success) return parsed.data
    const [issue] = parsed.error.issues
    throw damaged(what, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`)
  }
  return {
    one: (...parameters) => {
      const raw = translated(() => statement.get(...parameters))
      return raw === undefined ? undefined : parse(raw)
    },
    all: (...parameters) => translated(() => statement.all(...parameters)).map(parse),
  }
}

/** A prepared statement that changes rows; gives back how many. */
export function command(db: Db, sql: string): (...parameters: readonly SqlValue[]) => number {
  const statement = db.prepare<SqlValue[]>(sql)
  return (...parameters) => translated(() => statement.run(...parameters)).changes
}

/** Runs `work` in one IMMEDIATE transaction: all of it is on disk when this returns, or none is. */
export function transaction<T>(db: Db, work: () => T): T {
  return translated(() => db.transaction(work).immediate())
}

function translated<T>(work: () => T): T {
  try {
    return work()
  } catch (thrown) {
    throw storageError(thrown)
  }
}

/** A TEXT column that holds JSON of the given schema. */
export function json<T>(schema: z.ZodType<T>) {
  return z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text)
      } catch {
        context.addIssue({ code: 'custom', message: 'not JSON' })
        return z.NEVER
      }
    })
    .pipe(schema)
}

/** An INTEGER column that holds 0 or 1. */
export const flag = z.union([z.literal(0), z.literal(1)]).transform((value) => value === 1)

export const countRow = z.object({ count: z.number().int().min(0) })
