import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { z } from 'zod'
import { codeOf, saysCorrupt, storageError } from '../storageError'
import { applicationId, openReadOnly } from './connection'
import type { Migration } from '../migrations/migration'
import { latestVersion } from './migrate'
import { compareSchema, expectedSchema, schemaOf, type SchemaObject } from './schema'
import type { Db } from './sql'

/** What lies where the database is expected. */
export type Health =
  | { readonly kind: 'missing' }
  /** No bytes at all. */
  | { readonly kind: 'empty' }
  /** A database without a table: the first start was cut short. */
  | { readonly kind: 'blank' }
  /** `wrongGuards`: indexes and triggers to be put back before use. */
  | { readonly kind: 'good'; readonly wrongGuards: readonly SchemaObject[] }
  | { readonly kind: 'newer'; readonly version: number }
  /** `reason` is a sentence for the user. */
  | { readonly kind: 'bad'; readonly reason: string }

const magic = 'SQLite format 3\0'
const damagedReason = 'The database is damaged.'
const foreignReason = 'The database was made by another program.'

/**
 * Looks at the database without changing it. The file's own header is read first, so that a
 * database which is not ours, or newer than the program, is not even opened.
 * @throws AppError `io` when the file cannot be read at all
 */
export function examine(
  path: string,
  migrations: readonly Migration[],
  nativeBinding: string | undefined,
): Health {
  const size = sizeOf(path)
  if (size === null) return { kind: 'missing' }
  if (size === 0) return { kind: 'empty' }
  const header = readHeader(path)
  if (header.toString('latin1', 0, magic.length) !== magic) {
    return { kind: 'bad', reason: 'The database is damaged: it does not begin like one.' }
  }
  const fromHeader = judge(
    header.readInt32BE(68),
    header.readInt32BE(60),
    latestVersion(migrations),
  )
  if (fromHeader) return fromHeader
  const content = readContent(path, nativeBinding)
  if (content === null) return bad(damagedReason)
  // The write-ahead log may hold a newer first page than the file does.
  const fromLog = judge(content.id, content.version, latestVersion(migrations))
  if (fromLog) return fromLog
  if (!content.sound) return bad(damagedReason)
  if (content.id === applicationId) {
    if (content.version < 1) return bad(damagedReason)
    const expected = expectedSchema(migrations.slice(0, content.version), nativeBinding)
    const { wrongTables, wrongGuards } = compareSchema(content.schema, expected)
    return wrongTables.length > 0 ? bad(damagedReason) : { kind: 'good', wrongGuards }
  }
  // Without an id it is either another program's, or ours, killed before its first transaction.
  return content.schema.length === 0 ? { kind: 'blank' } : bad(foreignReason)
}

interface Content {
  readonly id: number
  readonly version: number
  /** integrity_check finds nothing. */
  readonly sound: boolean
  readonly schema: readonly SchemaObject[]
}

/** Null when SQLite cannot make sense of the file. */
function readContent(path: string, nativeBinding: string | undefined): Content | null {
  let db: Db | null = null
  try {
    db = openReadOnly(path, nativeBinding)
    return {
      id: z.number().parse(db.pragma('application_id', { simple: true })),
      version: z.number().parse(db.pragma('user_version', { simple: true })),
      sound: db.pragma('integrity_check', { simple: true }) === 'ok',
      schema: schemaOf(db),
    }
  } catch (thrown) {
    // SQLITE_ERROR: a garbled schema that does not parse.
    if (saysCorrupt(thrown) || codeOf(thrown) === 'SQLITE_ERROR') return null
    throw storageError(thrown)
  } finally {
    db?.close()
  }
}

function judge(id: number, version: number, latest: number): Health | null {
  if (id !== 0 && id !== applicationId) return bad(foreignReason)
  if (id === applicationId && version > latest) return { kind: 'newer', version }
  return null
}

function bad(reason: string): Health {
  return { kind: 'bad', reason }
}

function sizeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.size ?? null
}

/** The first 100 bytes, zeros where the file is shorter. */
function readHeader(path: string): Buffer {
  const header = Buffer.alloc(100)
  const descriptor = openSync(path, 'r')
  try {
    readSync(descriptor, header, 0, header.length, 0)
  } finally {
    closeSync(descriptor)
  }
  return header
}
