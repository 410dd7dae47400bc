import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** @param {...string} parts */
export const inRoot = (...parts) => join(root, ...parts)

/**
 * Where set-up keeps what it fetched or compiled: git-ignored, safe to delete, and never written in
 * place (a temporary name, then a rename), so that several clones may share one through
 * `PIXELWISE_CACHE`.
 *
 * @param {...string} parts
 */
export const inCache = (...parts) =>
  join(resolve(process.env['PIXELWISE_CACHE'] ?? inRoot('.cache', 'pixelwise')), ...parts)
