import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** @param {number} pid */
export function isRunning(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    // Not allowed to signal it: then it is there.
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM'
  }
}

/**
 * The work folders beside a target that interrupted processes left.
 *
 * @param {string} target
 * @param {readonly string[]} names of what lies beside it
 * @param {(pid: number) => boolean} running
 * @returns {string[]}
 */
export function abandonedWork(target, names, running) {
  const prefix = `${basename(target)}.making-`
  return names.filter(
    (name) => name.startsWith(prefix) && !running(Number.parseInt(name.slice(prefix.length), 10)),
  )
}

/**
 * Makes a file or folder so that it is there whole or not at all: the work is done in a folder beside
 * it, whose outcome is then renamed. What an interrupted earlier attempt left is removed; of two
 * processes that make the same, the first to finish wins and both go on.
 *
 * @param {string} target nothing is done when it exists
 * @param {(folder: string) => Promise<string>} work told its folder, returns the path of the outcome in it
 */
export async function makeOnce(target, work) {
  if (existsSync(target)) return
  const parent = dirname(target)
  await mkdir(parent, { recursive: true })
  for (const name of abandonedWork(target, await readdir(parent), isRunning)) {
    await rm(join(parent, name), { recursive: true, force: true })
  }
  const folder = await mkdtemp(`${target}.making-${process.pid}-`)
  try {
    await rename(await work(folder), target)
  } catch (thrown) {
    if (!existsSync(target)) throw thrown
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
