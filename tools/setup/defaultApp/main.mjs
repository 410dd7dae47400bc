/**
 * What lets `electron <folder>` open an unpacked application on a runtime that came without its own
 * default application. Runs inside Electron.
 *
 * It is an ES module with top-level await on purpose: Electron holds back `ready` until it has
 * finished, so the application can still register its privileged schemes.
 */
import { app } from 'electron'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * @param {readonly string[]} args what follows the executable
 * @returns {{ modules: string[], version: boolean, folder: string | undefined }}
 */
function readCommandLine(args) {
  /** @type {string[]} */
  const modules = []
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? ''
    if (arg === '--version' || arg === '-v') return { modules, version: true, folder: undefined }
    if (arg === '-r' || arg === '--require') modules.push(args[(i += 1)] ?? '')
    else if (!arg.startsWith('-')) return { modules, version: false, folder: resolve(arg) }
  }
  return { modules, version: false, folder: undefined }
}

/** @param {string} folder the application's, holding its package.json */
async function open(folder) {
  /** @type {{ name?: string, productName?: string, version?: string, main?: string }} */
  const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true })
  app.setName(about.productName ?? about.name ?? 'Electron')
  // setVersion and setAppPath are Electron's own, for this very purpose, and not in its public types.
  /** @type {Electron.App & { setVersion?: (v: string) => void, setAppPath?: (p: string) => void }} */
  const host = app
  host.setVersion?.(about.version ?? '0.0.0')
  host.setAppPath?.(folder)
  await import(pathToFileURL(resolve(folder, about.main ?? 'index.js')).href)
}

const { modules, version, folder } = readCommandLine(process.argv.slice(1))
const require = createRequire(import.meta.url)
for (const path of modules) require(path)
if (version || folder === undefined) {
  console.log(`v${process.versions.electron}`)
  app.exit(version ? 0 : 1)
} else {
  try {
    await open(folder)
  } catch (thrown) {
    console.error(thrown)
    app.exit(1)
  }
}
