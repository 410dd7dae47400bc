import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const repository = resolve(import.meta.dirname, '../../..')
export const samples = join(repository, 'assets', 'samples')
export const goldens = join(repository, 'test', 'fixtures', 'goldens')
export const images = join(repository, 'test', 'fixtures', 'images')

/** Third-party material beside the project; tests that need it are skipped where it is not there. */
const data = process.env['PIXELWISE_DATA'] ?? resolve(repository, '..', 'shared', 'data')

/** For `describe.skipIf(…)`: the folder, or null, and a title that says so. */
export function externalData(folder: string): { path: string; missing: boolean; note: string } {
  const path = join(data, folder)
  const missing = !existsSync(path)
  return { path, missing, note: missing ? ' (skipped: not there)' : '' }
}

export function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(join(images, name)))
}
