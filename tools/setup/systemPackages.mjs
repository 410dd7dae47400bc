import { existsSync } from 'node:fs'
import { SetupError, say } from './report.mjs'
import { ask, isOnPath, run } from './run.mjs'

/**
 * What the desktop application needs of a bare Debian or Ubuntu: shared library → package.
 * Chromium opens several of them at run time, so `ldd` alone would not name them.
 */
const libraryPackages = {
  'libgtk-3.so.0': 'libgtk-3-0',
  'libnss3.so': 'libnss3',
  'libasound.so.2': 'libasound2',
  'libgbm.so.1': 'libgbm1',
  'libXss.so.1': 'libxss1',
  'libatk-bridge-2.0.so.0': 'libatk-bridge2.0-0',
}

/** Program → Debian package. */
const programPackages = { 'g++': 'g++', make: 'make', python3: 'python3', Xvfb: 'xvfb' }

/** @typedef {keyof typeof programPackages} NeededProgram */

/**
 * The packages of the libraries that the dynamic linker does not know.
 *
 * @param {string} linkerCache what `ldconfig -p` prints
 * @returns {string[]}
 */
export function missingLibraryPackages(linkerCache) {
  const known = new Set(linkerCache.split('\n').map((line) => line.trim().split(' ')[0]))
  return Object.entries(libraryPackages)
    .filter(([library]) => !known.has(library))
    .map(([, name]) => name)
}

/**
 * Names as this release has them: the 64-bit time change renamed some with the suffix `t64`.
 *
 * @param {readonly string[]} names
 * @param {(name: string) => boolean} exists
 */
export const packageNamesHere = (names, exists) =>
  names.map((name) => (exists(`${name}t64`) ? `${name}t64` : name))

/**
 * Installs Debian packages where that is possible, else tells the command to type.
 *
 * @param {readonly string[]} names
 * @param {string} purpose what cannot be done without them
 * @throws {SetupError}
 */
async function installPackages(names, purpose) {
  if (names.length === 0) return
  const list = names.join(' ')
  if (!isOnPath('apt-get')) {
    throw new SetupError(
      `${purpose} needs what Debian calls ${list}, and this system has no apt-get.`,
      'Install the same with the package manager of this system, then repeat the command.',
    )
  }
  if (process.getuid?.() !== 0) {
    throw new SetupError(
      `${purpose} needs system packages that are not installed.`,
      `Type "sudo apt-get update && sudo apt-get install -y ${list}", then repeat the command.`,
    )
  }
  say(`installing system packages (${list}) …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  // An earlier interruption may have left packages unpacked and not set up; apt refuses until then.
  await run('dpkg', ['--configure', '-a'], { env })
  await run('apt-get', ['update', '-qq'], { env })
  const here = packageNamesHere(names, (name) =>
    ask('apt-cache', ['pkgnames', name]).split('\n').includes(name),
  )
  const { status, output } = await run(
    'apt-get',
    ['install', '-y', '-qq', '--no-install-recommends', ...here],
    { env },
  )
  if (status === 0) return
  throw new SetupError(
    `The system packages ${list} could not be installed.`,
    `See why with "apt-get install ${here.join(' ')}", then repeat the command.`,
    output.split('\n').slice(-15).join('\n'),
  )
}

/**
 * Sees to it that these programs are there.
 *
 * @param {readonly NeededProgram[]} programs
 * @param {string} purpose
 * @throws {SetupError}
 */
export async function requirePrograms(programs, purpose) {
  if (process.platform !== 'linux') return
  const missing = programs.filter((program) => !isOnPath(program))
  await installPackages(
    missing.map((program) => programPackages[program]),
    purpose,
  )
}

/**
 * Sees to it that the shared libraries of the desktop application are there.
 *
 * @throws {SetupError}
 */
export async function requireDesktopLibraries() {
  if (process.platform !== 'linux') return
  const ldconfig = ['/sbin/ldconfig', '/usr/sbin/ldconfig'].find((path) => existsSync(path))
  const linkerCache = ldconfig === undefined ? '' : ask(ldconfig, ['-p'])
  // Without the linker's list nothing can be said to be missing; the start will tell.
  if (linkerCache === '') return
  await installPackages(missingLibraryPackages(linkerCache), 'The desktop application')
}
