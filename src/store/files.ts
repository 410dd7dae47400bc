import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs'

const ownerOnly = 0o700
const stickyBit = 0o1000

/** Makes the folder when it is missing and lets only its owner in. */
export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: ownerOnly })
  const { mode } = statSync(folder)
  // A shared folder such as /tmp stays as it is.
  if ((mode & stickyBit) === 0 && (mode & 0o777) !== ownerOnly) chmodSync(folder, ownerOnly)
}

/** A rename is on disk only once its folder is. */
export function syncFolder(folder: string): void {
  // Windows does not open folders, and NTFS journals names by itself.
  if (process.platform !== 'win32') syncPath(folder)
}

export function syncPath(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** A point in time as a file name: `2026-03-14T09-26-53-589Z`. */
export function timeName(time: Date): string {
  return time.toISOString().replaceAll(/[:.]/g, '-')
}
