import { stat } from 'node:fs/promises'
import { join } from 'node:path'

/** The part of a path below the samples folder, whatever system wrote it. */
const belowSamples = /[\\/]assets[\\/]samples[\\/](.+)$/

/**
 * Where a stored path leads now. The samples come with the program, so they move when the
 * program is moved or updated; every other file is where it is. Contents are checked by hash.
 */
export async function locate(path: string, samplesFolder: string): Promise<string> {
  const rest = belowSamples.exec(path)?.[1]
  if (rest === undefined || (await isThere(path))) return path
  const moved = join(samplesFolder, ...rest.split(/[\\/]/))
  return (await isThere(moved)) ? moved : path
}

/** @param bytes the length it should have, where that is known. */
export async function isThere(path: string, bytes: number | null = null): Promise<boolean> {
  return stat(path).then(
    (what) => what.isFile() && (bytes === null || what.size === bytes),
    () => false,
  )
}
