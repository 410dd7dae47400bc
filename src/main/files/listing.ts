import { readdir, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'

const imageExtensions: ReadonlySet<string> = new Set(['.png', '.jpg', '.jpeg'])

export type FileKind = 'image' | 'model' | 'other'

/** By the name alone; whether the content keeps the promise, the engine decides. */
export function fileKind(path: string): FileKind {
  const extension = extname(path).toLowerCase()
  if (imageExtensions.has(extension)) return 'image'
  return extension === '.onnx' ? 'model' : 'other'
}

const naturally = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** "tile-2" before "tile-10", as people count. */
export function compareNames(a: string, b: string): number {
  return naturally.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0)
}

/** Names that begin with a dot are left behind by systems ("._scan.png"), not meant by people. */
const isHidden = (name: string): boolean => name.startsWith('.')

/** The files in a folder, not below it, in natural order; links are followed. */
export async function listFolder(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const files: string[] = []
  for (const entry of entries) {
    if (isHidden(entry.name) || fileKind(entry.name) === 'other') continue
    const path = join(folder, entry.name)
    if (entry.isFile() || (entry.isSymbolicLink() && (await isFile(path)))) files.push(path)
  }
  return files.sort(compareNames)
}

/** Dropped files as they are and dropped folders as their content. */
export async function expandDropped(paths: readonly string[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const path of paths) {
    const what = await stat(path).catch(() => null)
    if (what?.isDirectory() === true) found.push(...(await listFolder(path)))
    else if (what?.isFile() === true) found.push(path)
  }
  return [...new Set(found)]
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (what) => what.isFile(),
    () => false,
  )
}
