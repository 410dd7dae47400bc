import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { asFileError } from '../files'

interface Entry<T> {
  readonly path: string
  readonly stamp: string
  readonly value: T
}

/**
 * Remembers what was made of the last few files, for as long as they stay unchanged on disk
 * (same size, inode and time of change to the nanosecond): switching the class re-reads nothing.
 */
export function createFileCache<T>(capacity: number, read: (path: string) => Promise<T>) {
  let entries: readonly Entry<T>[] = []
  return async (path: string): Promise<T> => {
    const stamp = await stampOf(path)
    const known = entries.find((entry) => entry.path === path && entry.stamp === stamp)
    const others = entries.filter((entry) => entry.path !== path)
    if (known) {
      entries = [known, ...others]
      return known.value
    }
    // Let go before reading, so that two large images are never held where one is needed.
    entries = others.slice(0, capacity - 1)
    const value = await read(path)
    entries = [{ path, stamp, value }, ...entries]
    return value
  }
}

async function stampOf(path: string): Promise<string> {
  try {
    const info = await stat(path, { bigint: true })
    return [info.dev, info.ino, info.size, info.mtimeNs, info.ctimeNs].join(':')
  } catch (error) {
    throw asFileError(error, basename(path))
  }
}
