import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AppError } from '../shared/errors'

/** The nearest folder with the bundled samples, at or above this file: in the sources and when built. */
export function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'assets', 'samples'))) {
    const parent = dirname(folder)
    if (parent === folder)
      throw new AppError(
        'internal',
        'The bundled samples are missing, so there is nothing to demonstrate.',
        'Install the program again.',
      )
    folder = parent
  }
  return folder
}
