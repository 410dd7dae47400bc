import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { AppError } from '../../shared/errors'

/**
 * A chosen file's text.
 * @param limit bytes; a larger file is not read at all.
 * @throws AppError `invalid-input` when it is no file, too large or not UTF-8; a file error.
 */
export async function readText(path: string, limit: number): Promise<string> {
  const name = basename(path)
  const refuse = (what: string, hint: string): AppError =>
    new AppError('invalid-input', `“${name}” ${what}.`, hint)
  // Asked before it is opened: opening a pipe would wait for who writes to it.
  if (!(await stat(path)).isFile()) throw refuse('is not a file', 'Choose a single file.')
  const file = await open(path, 'r')
  try {
    const info = await file.stat()
    if (info.size > limit) {
      throw refuse(
        `is larger than ${Math.round(limit / 2 ** 20)} MB, too large for a text of this kind`,
        'Choose another file.',
      )
    }
    const bytes = await file.readFile()
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    } catch {
      throw refuse('is not a text in UTF-8', 'Save it as UTF-8, or choose another file.')
    }
  } finally {
    await file.close()
  }
}
