import { access } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'

const longestName = 120
/** Not allowed in file names on one system or another. */
const unsafe = /[\u0000-\u001f<>:"/\\|?*]+/g

/** A file name made of a session's name; never empty, never hidden. */
export function suggestedName(sessionName: string): string {
  const safe = sessionName
    .replace(unsafe, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^[. ]+|[. ]+$/g, '')
  return `${(safe === '' ? 'Report' : safe).slice(0, longestName).trim()}.pdf`
}

export interface ReportFiles {
  readonly folder: string
  readonly pdf: string
  readonly json: string
}

/**
 * Where the PDF and the JSON go. The user was asked about the PDF only, so a JSON file of that
 * name is replaced only when it stands beside the PDF of an earlier export.
 */
export async function reportFiles(chosen: string): Promise<ReportFiles> {
  const folder = dirname(chosen)
  const isPdf = extname(chosen).toLowerCase() === '.pdf'
  const stem = isPdf ? basename(chosen, extname(chosen)) : basename(chosen)
  const pdf = join(folder, isPdf ? basename(chosen) : `${stem}.pdf`)
  const json = join(folder, `${stem}.json`)
  const foreign = (await exists(json)) && !(await exists(pdf))
  return { folder, pdf, json: foreign ? join(folder, `${stem} (report).json`) : json }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
