import { access, constants, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AppError } from '../shared/errors'
import type { NamedFile } from './outputs'

/** What says that a folder's files belong together; it is the last that is written. */
export const resultName = 'result.json'

/**
 * Whether a folder can be made and written, as far as that can be told without doing it: before hours of
 * work, not after.
 * @throws AppError `io`
 */
export async function assertFolder(folder: string): Promise<void> {
  try {
    const info = await stat(folder).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT' && dirname(folder) !== folder) return null
      throw error
    })
    if (!info) {
      await assertFolder(dirname(folder))
      return
    }
    if (!info.isDirectory()) throw notWritten(folder, `“${basename(folder)}” is a file`)
    await access(folder, constants.W_OK)
  } catch (error) {
    throw asFolderError(error, folder)
  }
}

/**
 * Writes a result's files, all or none: each under another name first, so that neither a full disk nor a
 * name that is taken leaves a half of one, or old files among new ones that look complete.
 */
export async function writeFiles(folder: string, files: readonly NamedFile[]): Promise<void> {
  // The same logits go with every class.
  const contents = [...new Map(files)]
  const parts = contents.map(
    ([name]) => [join(folder, `${name}.part`), join(folder, name)] as const,
  )
  try {
    await makeFolder(folder)
    for (const [name, bytes] of contents) await writeFile(join(folder, `${name}.part`), bytes)
    for (const [, path] of parts) await assertReplaceable(path)
    await rm(join(folder, resultName), { force: true })
    for (const [part, path] of parts) await rename(part, path)
  } catch (error) {
    await Promise.allSettled(parts.map(([part]) => rm(part, { force: true })))
    if (codeOf(error) === 'ENOSPC')
      throw new AppError('storage-full', 'The disk is full; nothing was written.', '', {
        cause: error,
      })
    throw asFolderError(error, folder)
  }
}

/** Folder by folder: Node’s own recursion never ends where none can be made, as in /proc. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder)
  } catch (error) {
    const code = codeOf(error)
    const parent = dirname(folder)
    if (code === 'ENOENT' && parent !== folder) {
      await makeFolder(parent)
      await mkdir(folder)
      return
    }
    const info = await stat(folder).catch(() => null)
    if (!info?.isDirectory()) throw error
  }
}

async function assertReplaceable(path: string): Promise<void> {
  const info = await stat(path).catch(() => null)
  if (info && !info.isFile())
    throw notWritten(dirname(path), `“${basename(path)}” is there and is no file`)
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}

function asFolderError(error: unknown, folder: string): AppError {
  if (error instanceof AppError) return error
  const code = codeOf(error)
  return notWritten(folder, reasons.get(code) ?? code, error)
}

const reasons = new Map([
  ['EACCES', 'access is denied'],
  ['EPERM', 'access is denied'],
  ['EROFS', 'the disk is read-only'],
  ['ENOTDIR', 'part of its path is a file'],
  ['EEXIST', 'there is a file of that name'],
  ['ENOENT', 'no folder can be made there'],
  ['ENAMETOOLONG', 'its name is too long'],
])

function notWritten(folder: string, why: string, cause?: unknown): AppError {
  return new AppError(
    'io',
    `The folder “${folder}” cannot be written: ${why}.`,
    'Choose another folder with --out.',
    { cause },
  )
}
