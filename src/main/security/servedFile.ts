import { realpath } from 'node:fs/promises'
import { extname, isAbsolute, relative, resolve, sep } from 'node:path'
import { isOwnUrl, parse } from './origin'

/** Only these kinds of files are served. */
const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
}

export interface ServedFile {
  readonly path: string
  readonly contentType: string
}

const longestPath = 1024
/** Windows drops these at the end of a name, so that `a.html.` would open `a.html`. */
const endsInDotOrSpace = /[. ]$/

/**
 * The file below `root` that an address of the application's own scheme names, or null.
 * The address is decoded once; links that lead out of `root` are followed before they are judged.
 */
export async function servedFile(root: string, address: string): Promise<ServedFile | null> {
  const segments = safeSegments(address)
  if (!segments) return null
  const contentType = contentTypes[extname(segments.at(-1) ?? '').toLowerCase()]
  if (contentType === undefined) return null
  try {
    const realRoot = await realpath(root)
    const path = await realpath(resolve(realRoot, ...segments))
    const inside = relative(realRoot, path)
    if (inside === '' || isAbsolute(inside) || inside.split(sep)[0] === '..') return null
    return { path, contentType }
  } catch {
    return null
  }
}

/** The decoded path of an own address as folder and file names, or null when any of them is suspect. */
export function safeSegments(address: string): readonly string[] | null {
  const url = parse(address)
  if (!url || !isOwnUrl(address) || url.pathname.length > longestPath) return null
  const decoded = decode(url.pathname)
  if (decoded === null || !decoded.startsWith('/')) return null
  const segments = decoded.slice(1).split('/')
  return segments.every(isPlainName) ? segments : null
}

function isPlainName(name: string): boolean {
  // A backslash or a colon means a folder, a drive or a stream on Windows.
  return name !== '' && !/[\0\\:]/.test(name) && !endsInDotOrSpace.test(name)
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
