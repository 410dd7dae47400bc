import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { AppError, type ErrorCode } from '../shared/errors'
import { sha256Schema, type Sha256 } from '../shared/hash'

export interface FileContent {
  /** Without its folder. */
  readonly name: string
  readonly bytes: Uint8Array
  readonly sha256: Sha256
}

export function sha256Of(bytes: Uint8Array | string): Sha256 {
  return sha256Schema.parse(createHash('sha256').update(bytes).digest('hex'))
}

/**
 * The file's bytes with the hash of exactly these bytes: read once, so that what is hashed is what is used.
 * @param code for a file that is no file or too large.
 * @param limit bytes.
 * @throws AppError `not-found`, `io` or `code`
 */
export async function readWholeFile(
  path: string,
  code: ErrorCode,
  limit: number,
): Promise<FileContent> {
  const name = basename(path)
  try {
    const info = await stat(path)
    if (!info.isFile())
      throw new AppError(code, `“${name}” is not a file.`, 'Choose a single file.')
    if (info.size > limit)
      throw new AppError(
        code,
        `“${name}” has ${Math.round(info.size / 2 ** 20)} MB; files are opened up to ${Math.round(limit / 2 ** 20)} MB.`,
        'Use a smaller file.',
      )
    const bytes = await readFile(path)
    return { name, bytes, sha256: sha256Of(bytes) }
  } catch (error) {
    throw asFileError(error, name)
  }
}

/** The system's reason in a sentence that names the file, never its folder. */
export function asFileError(error: unknown, name: string): AppError {
  if (error instanceof AppError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new AppError('not-found', `“${name}” is not there.`, 'Check the name and the folder.', {
      cause: error,
    })
  if (code === 'EACCES' || code === 'EPERM')
    return new AppError('io', `“${name}” may not be read.`, 'Ask for access to it, or copy it.', {
      cause: error,
    })
  return new AppError('io', `“${name}” could not be read (${code}).`, 'Try again.', {
    cause: error,
  })
}
