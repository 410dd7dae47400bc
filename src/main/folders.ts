import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

export interface Folders {
  /** Sessions, reviews, relevance: everything that is the user's. */
  readonly data: string
  /** Chromium's own profile; the lock against a second instance lies in it. Null: Electron's default. */
  readonly profile: string | null
}

/**
 * Where the program keeps things. A data folder named by the environment brings its own profile,
 * so that two data folders are two independent programs.
 */
export function foldersFrom(chosen: string | undefined, userData: string): Folders {
  if (chosen === undefined || chosen === '') return { data: join(userData, 'data'), profile: null }
  return { data: chosen, profile: join(chosen, 'profile') }
}

/**
 * An empty folder for the engine to stand in, as ONNX Runtime resolves the external data of
 * models against it; `fallback` where none can be made.
 */
export function emptyFolder(data: string, fallback: string): string {
  const folder = join(data, 'engine')
  try {
    mkdirSync(folder, { recursive: true })
    return folder
  } catch {
    return fallback
  }
}
