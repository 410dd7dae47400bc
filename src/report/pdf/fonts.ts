import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AppError } from '../../shared/errors'
import { fontCodePoints } from './glyphs'
import type { Weight } from './theme'

export interface ReportFonts {
  readonly paths: Readonly<Record<Weight, string>>
  /** Whether all weights can draw the character. */
  readonly has: (codePoint: number) => boolean
}

const fileNames: Readonly<Record<Weight, string>> = {
  regular: 'Inter-Regular.ttf',
  medium: 'Inter-Medium.ttf',
  semibold: 'Inter-SemiBold.ttf',
}

/** The nearest `assets/fonts` at or above this file: in the sources, and beside the built program. */
function fontFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  for (;;) {
    const candidate = join(folder, 'assets', 'fonts')
    if (existsSync(join(candidate, fileNames.regular))) return candidate
    const parent = dirname(folder)
    if (parent === folder) {
      throw new AppError(
        'internal',
        'The fonts of the report are missing, so no report was written.',
        'Install the program again.',
      )
    }
    folder = parent
  }
}

/** @throws AppError `internal` when the fonts are not where the program was installed. */
export function loadFonts(): ReportFonts {
  const folder = fontFolder()
  const paths = {
    regular: join(folder, fileNames.regular),
    medium: join(folder, fileNames.medium),
    semibold: join(folder, fileNames.semibold),
  }
  const sets = Object.values(paths).map((path) => fontCodePoints(readFileSync(path)))
  return { paths, has: (codePoint) => sets.every((set) => set.has(codePoint)) }
}
