import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { asFileError } from '../files'

/** A file as it was when it was about to be read. */
export interface StampedFile {
  readonly path: string
  readonly stamp: string
}

interface Entry<T> extends StampedFile {
  readonly value: T
}

/**
 * Remembers what was made of the last few files, for as long as they stay unchanged on disk
 * (same size, inode and time of change to the nanosecond): switching the class re-reads nothing.
 * @param others further files that a value was made of, which must stay unchanged as well.
 */
export function createFileCache<T>(
  capacity: number,
  read: (path: string) => Promise<T>,
  others: (value: T) => readonly StampedFile[] = () => [],
) {
  let entries: readonly Entry<T>[] = []
  return async (path: string): Promise<T> => {
    const stamp = await stampOf(path)
    const known = entries.find((entry) => entry.path === path && entry.stamp === stamp)
    const rest = entries.filter((entry) => entry.path !== path)
    if (known && (await unchanged(others(known.value)))) {
      entries = [known, ...rest]
      return known.value
    }
    // Let go before reading, so that two large images are never held where one is needed.
    entries = rest.slice(0, capacity - 1)
    const value = await read(path)
    entries = [{ path, stamp, value }, ...entries]
    return value
  }
}

async function unchanged(files: readonly StampedFile[]): Promise<boolean> {
  for (const { path, stamp } of files) {
    // One that is gone has changed: who reads again says so.
    if ((await stampOf(path).catch(() => '')) !== stamp) return false
  }
  return true
}

/** Tells states of a file apart. @throws AppError `not-found` or `io` */
export async function stampOf(path: string): Promise<string> {
  try {
    const info = await stat(path, { bigint: true })
    return [info.dev, info.ino, info.size, info.mtimeNs, info.ctimeNs].join(':')
  } catch (error) {
    throw asFileError(error, basename(path))
  }
}
