import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { SetupError } from './report.mjs'

/**
 * Chromium's sandbox refuses to start as root; everywhere else it stays on.
 *
 * @param {number | undefined} userId as `process.getuid` gives it
 * @returns {readonly string[]} flags for the runtime
 */
export const sandboxFlags = (userId = process.getuid?.()) => (userId === 0 ? ['--no-sandbox'] : [])

/**
 * Kernel settings under which an ordinary user may not open a namespace of their own, which is how
 * the sandbox works without help: file below /proc/sys → value that forbids it.
 */
const refusals = {
  'kernel/apparmor_restrict_unprivileged_userns': '1',
  'kernel/unprivileged_userns_clone': '0',
  'user/max_user_namespaces': '0',
}

/**
 * @param {(name: string) => string | undefined} read the value of a setting below /proc/sys
 */
export const namespacesAreRefused = (read) =>
  Object.entries(refusals).some(([name, refusing]) => read(name)?.trim() === refusing)

/** @param {string} name */
const readSetting = (name) => {
  try {
    return readFileSync(join('/proc/sys', name), 'utf8')
  } catch {
    return undefined
  }
}

/** @param {string} path */
const isSetUserIdOfRoot = (path) => {
  try {
    const { uid, mode } = statSync(path)
    return uid === 0 && (mode & 0o4000) !== 0
  } catch {
    return false
  }
}

/**
 * Says beforehand what Chromium would say less clearly: that its sandbox cannot work here.
 *
 * @param {string} folder the runtime's
 * @throws {SetupError}
 */
export function checkSandbox(folder) {
  if (process.platform !== 'linux' || sandboxFlags().length > 0) return
  const assistant = join(folder, 'chrome-sandbox')
  if (isSetUserIdOfRoot(assistant) || !namespacesAreRefused(readSetting)) return
  throw new SetupError(
    'This system does not let Chromium’s sandbox start for ordinary users.',
    `Type "sudo chown root:root '${assistant}' && sudo chmod 4755 '${assistant}'", then repeat the command.`,
  )
}
