import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { isRunning } from './makeOnce.mjs'
import { say } from './report.mjs'

/** A lock older than this is a forgotten one, whose process number another program has by now. */
const forgottenMs = 30 * 60_000
const pollMs = 100

/**
 * Takes the lock.
 *
 * @param {string} path
 * @returns {number | undefined} the process that holds it already, undefined when it is ours now
 */
function take(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' })
    return undefined
  } catch {
    try {
      const holder = Number.parseInt(readFileSync(path, 'utf8'), 10)
      const age = Date.now() - statSync(path).mtimeMs
      // One that was just made may still be empty.
      if (Number.isNaN(holder) ? age < 1_000 : isRunning(holder) && age < forgottenMs) return holder
      rmSync(path, { force: true })
    } catch {
      // Released in this moment.
    }
    return take(path)
  }
}

/**
 * Does a piece of set-up while no other process does one in this checkout.
 *
 * @param {string} path of the lock, a file that is there as long as somebody works
 * @param {() => Promise<void>} work
 */
export async function alone(path, work) {
  mkdirSync(dirname(path), { recursive: true })
  for (let told = false, holder = take(path); holder !== undefined; holder = take(path)) {
    if (!told) say(`waiting for another set-up to finish (process ${holder}) …`)
    told = true
    await setTimeout(pollMs)
  }
  try {
    await work()
  } finally {
    rmSync(path, { force: true })
  }
}
