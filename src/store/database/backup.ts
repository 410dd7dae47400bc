import { chmodSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../shared/errors'
import { makePrivateFolder, syncFolder, syncPath, timeName } from '../files'
import { openReadOnly } from './connection'
import type { Db } from './sql'

/** Generations kept; older ones are deleted once a newer one is verified. */
const kept = 5

/**
 * Copies the open database, checks the copy, and only then gives it its name.
 * @returns the path of the copy
 */
export function backUp(
  db: Db,
  options: { folder: string; version: number; now: () => Date; nativeBinding?: string },
): string {
  const backups = join(options.folder, 'backups')
  makePrivateFolder(backups)
  const name = `${timeName(options.now())}-v${options.version}.db`
  const temporary = join(backups, `${name}.tmp`)
  const path = join(backups, name)
  rmSync(temporary, { force: true })
  try {
    db.prepare('VACUUM INTO ?').run(temporary)
    chmodSync(temporary, 0o600)
    const copy = openReadOnly(temporary, options.nativeBinding)
    try {
      if (copy.pragma('integrity_check', { simple: true }) !== 'ok') {
        throw new AppError(
          'storage-corrupt',
          'A backup of the database could not be made, so the database was left as it is.',
          'Copy the data folder to a safe place, then start again.',
        )
      }
    } finally {
      copy.close()
    }
    syncPath(temporary)
    renameSync(temporary, path)
    syncFolder(backups)
  } catch (thrown) {
    rmSync(temporary, { force: true })
    throw thrown
  }
  // Names begin with the time, so their order is that of their making.
  const generations = readdirSync(backups)
    .filter((entry) => entry.endsWith('.db'))
    .toSorted()
  for (const old of generations.slice(0, -kept)) rmSync(join(backups, old))
  return path
}
