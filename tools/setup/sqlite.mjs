import { existsSync, readFileSync } from 'node:fs'
import { inCache, inRoot } from './paths.mjs'
import { SetupError, say } from './report.mjs'
import { compileSqlite } from './sqliteCompile.mjs'

/**
 * better-sqlite3's own binary is built for Node-API 10. On an older host (Node 20, Electron 33)
 * loading it ends the process without an error that could be caught, so the host is asked first.
 */
const stockNodeApi = 10

/** @param {number} hostNodeApi Node-API version of the process that will load the add-on */
export const needsOwnSqlite = (hostNodeApi) => hostNodeApi < stockNodeApi

/** Node-API version of this process. */
export const ownNodeApi = () => Number(process.versions['napi'])

/** Where the compiled add-on of the installed better-sqlite3 lies, or would lie. */
export function compiledSqlitePath() {
  /** @type {{ version: string }} */
  const { version } = JSON.parse(
    readFileSync(inRoot('node_modules', 'better-sqlite3', 'package.json'), 'utf8'),
  )
  const key = `${version}-${process.platform}-${process.arch}-napi9`
  return inCache(`better-sqlite3-${key}.node`)
}

/**
 * The add-on a process must name as better-sqlite3's `nativeBinding`: `PIXELWISE_SQLITE_BINDING`
 * where it is set, else the compiled one for an older host.
 *
 * @param {number} hostNodeApi
 * @returns {string | undefined} a path; undefined: the stock binary will do
 * @throws {SetupError} when the host needs the compiled add-on and there is none
 */
export function resolveSqliteBinding(hostNodeApi) {
  const named = process.env['PIXELWISE_SQLITE_BINDING']
  if (named !== undefined && named !== '') return named
  if (!needsOwnSqlite(hostNodeApi)) return undefined
  const compiled = compiledSqlitePath()
  if (existsSync(compiled)) return compiled
  throw new SetupError(
    'The SQLite add-on for this version of Node.js has not been compiled yet.',
    'Run "npm run setup" once, then repeat the command.',
  )
}

/**
 * The environment for a process of that host, to be merged into its own.
 *
 * @param {number} [hostNodeApi]
 * @returns {Record<string, string>}
 */
export function sqliteEnvironment(hostNodeApi = ownNodeApi()) {
  const binding = resolveSqliteBinding(hostNodeApi)
  return binding === undefined ? {} : { PIXELWISE_SQLITE_BINDING: binding }
}

/**
 * Compiles the add-on once, where any of the hosts needs it.
 *
 * @param {readonly number[]} hostNodeApis
 */
export async function prepareSqlite(hostNodeApis) {
  if (!hostNodeApis.some(needsOwnSqlite)) return
  const compiled = compiledSqlitePath()
  if (existsSync(compiled)) return
  say('compiling the SQLite add-on, once (about two minutes) …')
  await compileSqlite(compiled)
}
