import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { SetupError } from './report.mjs'
import { npm, run } from './run.mjs'

/** @typedef {{ name: string, version: string, integrity: string }} PinnedPackage */

/**
 * @param {string} path
 * @returns {Promise<string>} `sha512-…` in the registry's notation
 */
async function integrityOf(path) {
  const hash = createHash('sha512')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return `sha512-${hash.digest('base64')}`
}

/**
 * Fetches a package from the configured npm registry by npm itself (its proxies, certificates and
 * credentials apply), checks it against the pinned integrity, and unpacks it.
 *
 * @param {PinnedPackage} pinned
 * @param {string} folder where its files go; nothing is fetched when it exists
 * @returns {Promise<string>} the folder
 * @throws {SetupError}
 */
export async function fetchPackage(pinned, folder) {
  if (existsSync(folder)) return folder
  const called = `${pinned.name}@${pinned.version}`
  await mkdir(dirname(folder), { recursive: true })
  const workshop = await mkdtemp(`${folder}-fetch-`)
  try {
    const { program, args } = npm()
    const pack = [
      ...args,
      'pack',
      called,
      '--ignore-scripts',
      '--loglevel=error',
      '--pack-destination',
      workshop,
    ]
    const packed = await run(program, pack, { cwd: workshop })
    const tarball = (await readdir(workshop)).find((name) => name.endsWith('.tgz'))
    if (packed.status !== 0 || tarball === undefined) {
      throw new SetupError(
        `The package ${called} could not be fetched from the npm registry.`,
        'Check that the npm registry can be reached ("npm ping"), then repeat the command.',
        packed.output,
      )
    }
    const archive = join(workshop, tarball)
    if ((await integrityOf(archive)) !== pinned.integrity) {
      throw new SetupError(
        `The package ${called} is not the one this project was tested with (its sha512 differs).`,
        'Do not use this registry; set another one with "npm config set registry …", then repeat.',
      )
    }
    const unpacked = await run('tar', ['-xzf', archive, '-C', workshop])
    if (unpacked.status !== 0) {
      throw new SetupError(
        `The package ${called} could not be unpacked.`,
        'Check that the disk is not full, then repeat the command.',
        unpacked.output,
      )
    }
    await rename(join(workshop, 'package'), folder)
    return folder
  } finally {
    await rm(workshop, { recursive: true, force: true })
  }
}
