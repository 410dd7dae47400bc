import { createHash, randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AppError } from '../shared/errors'
import { sha256Schema, type Sha256 } from '../shared/hash'

export function sha256(bytes: Uint8Array): Sha256 {
  return sha256Schema.parse(createHash('sha256').update(bytes).digest('hex'))
}

export interface FileToWrite {
  readonly path: string
  readonly bytes: Uint8Array
}

/**
 * Writes files so that each is either the old or the new one, never a part: all go to temporary
 * names in the same folder and are synced before the first is renamed.
 * @throws AppError `io` or `storage-full`; no temporary file is left.
 */
export async function writeAtomically(files: readonly FileToWrite[]): Promise<void> {
  const staged = files.map((file) => ({
    ...file,
    temporary: join(
      dirname(file.path),
      `.${basename(file.path).slice(0, 80)}.${randomUUID()}.part`,
    ),
  }))
  try {
    for (const { temporary, bytes } of staged) await writeSynced(temporary, bytes)
    for (const { temporary, path } of staged) await rename(temporary, path)
    for (const folder of new Set(files.map((file) => dirname(file.path)))) await syncFolder(folder)
  } catch (thrown) {
    await Promise.all(staged.map(({ temporary }) => rm(temporary, { force: true })))
    throw writeError(thrown)
  }
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx')
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** The rename itself must survive a power cut; Windows cannot open folders and needs no sync. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function errorCode(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : ''
}

/** What went wrong when a report was written, as the user's next step depends on it. */
export function writeError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  const options = { cause: thrown }
  const nothing = 'The report was not written; the review is kept.'
  switch (errorCode(thrown)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new AppError(
        'storage-full',
        `The disk is full. ${nothing}`,
        'Free some space, or choose a folder on another disk.',
        options,
      )
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new AppError(
        'io',
        `Files may not be written to this folder. ${nothing}`,
        'Choose another folder, or ask for the right to write here.',
        options,
      )
    case 'EBUSY':
      return new AppError(
        'io',
        `The file is in use by another program. ${nothing}`,
        'Close the PDF there, or choose another name.',
        options,
      )
    case 'ENOENT':
    case 'ENOTDIR':
      return new AppError(
        'io',
        `The folder is no longer there. ${nothing}`,
        'Choose another folder.',
        options,
      )
    case 'EISDIR':
      return new AppError(
        'io',
        `A folder has this name already. ${nothing}`,
        'Choose another name.',
        options,
      )
    default:
      return new AppError(
        'io',
        `${nothing} (${thrown instanceof Error ? thrown.message : String(thrown)})`,
        'Try another folder.',
        options,
      )
  }
}
