import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { ErrorShape } from '../../shared/errors'
import { makePrivateFolder, syncFolder, timeName } from '../files'

/**
 * Moves a database with its -wal and -shm files to `quarantine/<time>/`; nothing is deleted.
 * @returns the folder they lie in now, or null when there was no file to move
 */
export function quarantine(folder: string, database: string, now: () => Date): string | null {
  const present = [database, `${database}-wal`, `${database}-shm`].filter((path) =>
    existsSync(path),
  )
  if (present.length === 0) return null
  const parent = join(folder, 'quarantine')
  makePrivateFolder(parent)
  const target = freshFolder(join(parent, timeName(now())))
  for (const path of present) renameSync(path, join(target, basename(path)))
  syncFolder(target)
  syncFolder(parent)
  syncFolder(folder)
  return target
}

function freshFolder(wanted: string): string {
  for (let count = 1; ; count += 1) {
    const path = count === 1 ? wanted : `${wanted}-${count}`
    if (existsSync(path)) continue
    mkdirSync(path, { mode: 0o700 })
    return path
  }
}

/** What the user is told: what was wrong, where the old file lies, what to do. */
export function quarantineNotice(
  reason: string,
  target: string | null,
  folder: string,
): ErrorShape {
  return {
    code: 'storage-corrupt',
    message:
      target === null
        ? `${reason} A new database was started; the other data were kept.`
        : `${reason} It was kept, unchanged, in ${target}, and a new database was started.`,
    hint: `To return to an earlier state, close the program and copy the newest file from ${join(folder, 'backups')}, or your own backup, to ${join(folder, 'pixelwise.db')}.`,
  }
}
