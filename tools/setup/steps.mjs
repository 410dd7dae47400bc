import { buildApplication } from './build.mjs'
import { installDependencies } from './dependencies.mjs'
import { describeRuntime, prepareRuntime } from './electron.mjs'
import { checkNodeVersion } from './nodeVersion.mjs'
import { say } from './report.mjs'
import { checkSandbox } from './sandbox.mjs'
import { ownNodeApi, prepareSqlite, sqliteEnvironment } from './sqlite.mjs'
import { requireDesktopLibraries } from './systemPackages.mjs'

/**
 * What the commands without a window need: neither Electron nor SQLite nor a display.
 */
export async function prepareCommandLine() {
  checkNodeVersion()
  await installDependencies()
  await buildApplication()
}

/**
 * What the desktop application needs, built and ready to start. Every step looks first and does
 * nothing where there is nothing to do, so a second time needs no network.
 *
 * @returns {Promise<{ runtime: import('./electron.mjs').Runtime, env: Record<string, string> }>} the
 *   runtime, and what its environment must hold
 */
export async function prepareApplication() {
  checkNodeVersion()
  await installDependencies()
  const runtime = await prepareRuntime()
  // The tests open databases in this Node, the application in the runtime's.
  await prepareSqlite([ownNodeApi(), runtime.nodeApi])
  await requireDesktopLibraries()
  checkSandbox(runtime.folder)
  await buildApplication()
  say(describeRuntime(runtime))
  return { runtime, env: sqliteEnvironment(runtime.nodeApi) }
}
