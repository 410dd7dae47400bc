import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { alone } from './alone.mjs'
import { inRoot } from './paths.mjs'
import { SetupError, say } from './report.mjs'
import { installed, run } from './run.mjs'

/** Everything the build's outcome depends on. */
const inputs = ['src', 'electron.vite.config.ts', 'package.json', 'package-lock.json']

/**
 * sha256 over the names and contents of the inputs, in an order of their own. Read synchronously:
 * for hundreds of small files that is several times faster, and every command waits for it.
 *
 * @param {string} folder
 * @param {readonly string[]} names files or folders in it; what is not there counts for nothing
 * @returns {string}
 */
export function fingerprint(folder, names) {
  const hash = createHash('sha256')
  /** @param {string} name */
  const add = (name) => {
    const path = join(folder, name)
    const found = statSync(path, { throwIfNoEntry: false })
    if (found === undefined) return
    if (found.isDirectory()) {
      for (const inner of readdirSync(path).sort()) add(`${name}/${inner}`)
      return
    }
    const content = readFileSync(path)
    hash.update(`${name}\0${content.length}\0`).update(content)
  }
  for (const name of names) add(name)
  return hash.digest('hex')
}

/** Where the fingerprint of what was built is noted. */
const note = () => inRoot('out', '.built-from')

/**
 * Builds the application where its sources differ from those of the last finished build.
 *
 * @param {{ always?: boolean }} [options]
 * @throws {SetupError}
 */
export async function buildApplication(options = {}) {
  const isBuilt = async () =>
    (await readFile(note(), 'utf8').catch(() => '')) === fingerprint(inRoot(), inputs)
  if (options.always !== true && (await isBuilt())) return
  await alone(inRoot('.cache', 'setup.lock'), async () => {
    if (options.always !== true && (await isBuilt())) return
    say('building the application …')
    // Without the note an interrupted build is built again.
    await rm(note(), { force: true })
    const from = fingerprint(inRoot(), inputs)
    const vite = installed('electron-vite', 'bin', 'electron-vite.js')
    const { status, output } = await run(process.execPath, [vite, 'build', '--logLevel', 'warn'])
    if (status !== 0) {
      throw new SetupError(
        'The application could not be built.',
        'Correct what the build says above, then repeat the command.',
        output,
      )
    }
    await mkdir(inRoot('out'), { recursive: true })
    await writeFile(`${note()}.new`, from)
    await rename(`${note()}.new`, note())
  })
}
