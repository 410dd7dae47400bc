import { existsSync } from 'node:fs'
import { say } from './report.mjs'
import { installed, run } from './run.mjs'

/** How long a silent network may keep us waiting before it counts as out of reach. */
const probeMs = 5_000
/** How long the download itself (about 120 MB) may take. */
const downloadMs = 15 * 60_000

/**
 * Whether the release site, or the mirror set instead of it, answers at all. Behind a proxy only the
 * download itself can tell.
 *
 * @returns {Promise<boolean>}
 */
async function answers() {
  if (process.env['ELECTRON_GET_USE_PROXY'] !== undefined) return true
  const site = process.env['ELECTRON_MIRROR'] ?? 'https://github.com/electron/electron/releases/'
  try {
    await fetch(site, { method: 'HEAD', signal: AbortSignal.timeout(probeMs) })
    return true
  } catch {
    return false
  }
}

/**
 * Lets Electron's own installer download the runtime (checked against the checksums in its package).
 * Whether that succeeded shows in its folder; there are other ways when it did not.
 */
export async function downloadElectron() {
  const installer = installed('electron', 'install.js')
  if (!existsSync(installer)) return
  say('looking for Electron’s release site …')
  if (!(await answers())) return
  say('downloading Electron (about 120 MB) …')
  await run(process.execPath, [installer], { timeoutMs: downloadMs })
}
