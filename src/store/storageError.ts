import { z } from 'zod'
import { AppError } from '../shared/errors'

const withCode = z.object({ code: z.string() })

/** SQLite's result code (`SQLITE_FULL`) or the system's (`ENOSPC`); empty when there is none. */
export function codeOf(thrown: unknown): string {
  const parsed = withCode.safeParse(thrown)
  return parsed.success ? parsed.data.code : ''
}

// SQLITE_IOERR_SHMSIZE: the shared-memory file beside the WAL could not grow, which is a full disk.
const fullCodes = new Set(['SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE', 'ENOSPC', 'EDQUOT'])
const environment =
  /^(SQLITE_(BUSY|LOCKED|CANTOPEN|READONLY|IOERR|PERM|AUTH|NOMEM|NOLFS|PROTOCOL)|E[A-Z0-9]+$)/

/** The bytes of the file are wrong, as opposed to the file being out of reach. */
export function saysCorrupt(thrown: unknown): boolean {
  const code = codeOf(thrown)
  return (
    /^SQLITE_(CORRUPT|NOTADB|FORMAT)/.test(code) ||
    // A truncated file ends before a page does.
    code === 'SQLITE_IOERR_SHORT_READ'
  )
}

/** What SQLite or the file system threw, as the error the user's next step depends on. */
export function storageError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  const code = codeOf(thrown)
  if (fullCodes.has(code)) {
    return new AppError(
      'storage-full',
      'The disk is full: this change was not saved; everything before it is.',
      'Free some space on the disk that holds the data folder, then repeat the change.',
      { cause: thrown },
    )
  }
  if (code.startsWith('SQLITE_CONSTRAINT')) {
    return new AppError(
      'invalid-input',
      'The data do not fit together, so nothing was saved.',
      'Please report this with the steps that led to it.',
      { cause: thrown },
    )
  }
  if (saysCorrupt(thrown)) {
    return new AppError(
      'storage-corrupt',
      'The database could not be read: it is damaged. Nothing was changed.',
      'Close the program and start it again: it will check the database and keep the damaged file.',
      { cause: thrown },
    )
  }
  if (environment.test(code)) {
    return new AppError(
      'io',
      `The data folder could not be read or written (${code}); this change was not saved.`,
      'Check that the data folder is there, on a local disk, and that you may write to it.',
      { cause: thrown },
    )
  }
  return AppError.from(thrown)
}

export function notFound(what: string): AppError {
  return new AppError('not-found', `This ${what} is no longer there.`)
}

/** A stored row or blob that does not read back as what it should be. */
export function damaged(what: string, detail: string): AppError {
  return new AppError(
    'storage-corrupt',
    `The stored ${what} is damaged (${detail}). Nothing was changed.`,
    'Restore the newest copy from the backups folder, or go on with what can still be opened.',
  )
}
