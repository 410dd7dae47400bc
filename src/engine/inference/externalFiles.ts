import { createHash } from 'node:crypto'
import { realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import type { Sha256 } from '../../shared/hash'
import { AppError } from '../../shared/errors'
import { asFileError, readWholeFile } from '../files'
import { plainName } from '../onnx/names'
import { stampOf, type StampedFile } from './fileCache'

export interface ExternalFile extends StampedFile {
  /** As the model states it: relative to its folder. */
  readonly location: string
  readonly bytes: Uint8Array
  readonly sha256: Sha256
}

/**
 * Reads the files that a model says its weights lie in. What it says is hostile input: only plain files
 * inside the model's own folder are opened, whatever names and links say.
 * @param locations with the SHA-1 that the model states of each, if any.
 * @param room bytes that they may have together.
 * @returns sorted by location, code unit by code unit.
 * @throws AppError `invalid-model`, `not-found` or `io`
 */
export async function readExternalFiles(
  folder: string,
  locations: ReadonlyMap<string, string | null>,
  room: number,
): Promise<ExternalFile[]> {
  const sorted = [...locations].toSorted(([a], [b]) => (a < b ? -1 : 1))
  const paths: string[] = []
  let size = 0
  for (const [location] of sorted) {
    const path = await insideFolder(folder, location)
    size += (await stat(path)).size
    paths.push(path)
  }
  if (size > room) throw tooLarge(size)
  const files: ExternalFile[] = []
  for (const [at, [location, checksum]] of sorted.entries()) {
    const path = paths[at] ?? ''
    const stamp = await stampOf(path)
    const { bytes, sha256 } = await readWholeFile(path, 'invalid-model', room)
    checkSha1(location, bytes, checksum)
    files.push({ path, stamp, location, bytes, sha256 })
  }
  return files
}

/** The real path of a file that lies in the folder, its subfolders included. */
async function insideFolder(folder: string, location: string): Promise<string> {
  const parts = location.split('/')
  const plain =
    parts.every((part) => part !== '' && part !== '.' && part !== '..') &&
    // Another system's separators and drives, and what no file name holds.
    !/[\\:\p{C}]/u.test(location)
  if (!plain) throw outside(location)
  try {
    const [root, path] = await Promise.all([realpath(folder), realpath(join(folder, ...parts))])
    if (!path.startsWith(root.endsWith(sep) ? root : root + sep)) throw outside(location)
    return path
  } catch (error) {
    const { code, message } = asFileError(error, plainName(location))
    if (code !== 'not-found') throw error instanceof AppError ? error : asFileError(error, plainName(location)) // prettier-ignore
    throw new AppError(
      code,
      `The model keeps weights in another file: ${message}`,
      'Put that file beside the model, under the name it has there, or save the model as one file.',
      { cause: error },
    )
  }
}

function checkSha1(location: string, bytes: Uint8Array, stated: string | null): void {
  if (stated === null || stated === '') return
  if (createHash('sha1').update(bytes).digest('hex') === stated.toLowerCase()) return
  throw new AppError(
    'invalid-model',
    `“${plainName(location)}” is not the file that the model was saved with: its SHA-1 differs from the one that the model states.`,
    'Copy the model and its weights again, together.',
  )
}

function outside(location: string): AppError {
  return new AppError(
    'invalid-model',
    `The model says that its weights lie in “${plainName(location)}”; only files inside the model’s own folder are opened.`,
    'Save the model as one file, or with its weights beside it, as plain files and not as links.',
  )
}

function tooLarge(size: number): AppError {
  return new AppError(
    'invalid-model',
    `The model and its weights have more than 2 GB (the weights alone ${Math.ceil(size / 2 ** 20)} MB), which cannot be explained: an ONNX graph ends there.`,
    'Choose a smaller model.',
  )
}
