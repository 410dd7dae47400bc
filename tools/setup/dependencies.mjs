import { readFileSync } from 'node:fs'
import { alone } from './alone.mjs'
import { inRoot } from './paths.mjs'
import { SetupError, say } from './report.mjs'
import { npm, run } from './run.mjs'

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean }} LockedPackage
 * @typedef {{ packages?: Record<string, LockedPackage> }} Lock
 */

/**
 * The packages that are not installed as the lock file says. npm keeps its own account of what it
 * installed in `node_modules/.package-lock.json` and writes it last, so an interrupted installation
 * has none. Optional packages (other platforms' binaries) may be absent, not different.
 *
 * @param {Lock} wanted `package-lock.json`
 * @param {Lock} present `node_modules/.package-lock.json`
 * @returns {string[]} their paths, each beginning with `node_modules/`
 */
export function packagesOutOfDate(wanted, present) {
  const there = present.packages ?? {}
  return Object.entries(wanted.packages ?? {})
    .filter(([path, locked]) => {
      if (path === '') return false
      const found = there[path]
      if (found === undefined) return locked.optional !== true
      return found.version !== locked.version || found.integrity !== locked.integrity
    })
    .map(([path]) => path)
}

/**
 * @param {string} path
 * @returns {Lock | undefined}
 */
function readLock(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

/**
 * What to do about a failed "npm ci".
 *
 * @param {string} output what npm said
 * @returns {string} one sentence
 */
export function adviceOn(output) {
  if (output.includes('code EUSAGE')) {
    return 'Bring package-lock.json in line with package.json by "npm install", then repeat the command.'
  }
  if (output.includes('code ENOSPC')) return 'Make room on the disk, then repeat the command.'
  return 'Check that the npm registry can be reached ("npm ping"), then repeat the command.'
}

/**
 * Whether npm noted the locked dependencies as installed.
 *
 * @throws {SetupError} when there is no lock file
 */
function areInstalled() {
  const wanted = readLock(inRoot('package-lock.json'))
  if (wanted === undefined) {
    throw new SetupError(
      'package-lock.json is missing or cannot be read.',
      'Restore it with "git checkout package-lock.json", then repeat the command.',
    )
  }
  const present = readLock(inRoot('node_modules', '.package-lock.json'))
  return present !== undefined && packagesOutOfDate(wanted, present).length === 0
}

/**
 * Installs the locked dependencies where they are not installed yet. Install scripts stay off
 * (`.npmrc`): no package of the tree needs one.
 *
 * @throws {SetupError}
 */
export async function installDependencies() {
  if (areInstalled()) return
  await alone(inRoot('.cache', 'setup.lock'), async () => {
    if (areInstalled()) return
    say('installing the dependencies (npm ci) …')
    const { program, args } = npm()
    const command = [...args, 'ci', '--include=dev', '--ignore-scripts', '--loglevel=error']
    const { status, output } = await run(program, command)
    if (status === 0) return
    throw new SetupError(
      'The dependencies could not be installed by "npm ci".',
      adviceOn(output),
      output,
    )
  })
}
