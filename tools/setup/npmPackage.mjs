import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { makeOnce } from './makeOnce.mjs'
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
  const called = `${pinned.name}@${pinned.version}`
  await makeOnce(folder, async (workshop) => {
    const { program, args } = npm()
    const options = ['--ignore-scripts', '--loglevel=error', '--pack-destination', workshop]
    const packed = await run(program, [...args, 'pack', called, ...options], { cwd: workshop })
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
    return join(workshop, 'package')
  })
  return folder
}
