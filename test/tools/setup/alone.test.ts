import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { alone } from '../../../tools/setup/alone.mjs'
import { isRunning } from '../../../tools/setup/makeOnce.mjs'

const root = resolve(import.meta.dirname, '..', '..', '..')

let folder = ''
let lock = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pixelwise-alone-'))
  lock = join(folder, 'deep', 'lock')
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

describe('working alone', () => {
  it('keeps two pieces of work apart', async () => {
    const log: string[] = []
    const work = (name: string) => async (): Promise<void> => {
      log.push(`${name} begins`)
      await setTimeout(20)
      log.push(`${name} ends`)
    }
    await Promise.all([alone(lock, work('a')), alone(lock, work('b'))])
    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
    expect(existsSync(lock)).toBe(false)
  })

  it('releases the lock where the work fails', async () => {
    const failing = alone(lock, () => Promise.reject(new Error('no disk')))
    await expect(failing).rejects.toThrow('no disk')
    expect(existsSync(lock)).toBe(false)
  })

  it('takes over from a process that was killed', async () => {
    await alone(lock, () => Promise.resolve())
    // Process ids end far below this.
    writeFileSync(lock, '999999999')
    let held = ''
    await alone(lock, () => {
      held = readFileSync(lock, 'utf8')
      return Promise.resolve()
    })
    expect(held).toBe(String(process.pid))
  })
})

/** Polls until the condition holds; the test's own time limit is the limit. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setTimeout(20)
}

describe.skipIf(process.platform === 'win32')('a quiet program', () => {
  it('ends with the process that runs it, even when that one is killed', async () => {
    const notes = join(folder, 'pid')
    const run = JSON.stringify(join(root, 'tools', 'setup', 'run.mjs'))
    const program = `require('fs').writeFileSync(${JSON.stringify(notes)}, String(process.pid)); setInterval(() => {}, 1000)`
    const source = `import { run } from ${run}; await run(process.execPath, ['-e', ${JSON.stringify(program)}])`
    const parent = spawn(process.execPath, ['--input-type=module', '-e', source], {
      stdio: 'ignore',
    })
    await until(() => existsSync(notes) && readFileSync(notes, 'utf8') !== '')
    const pid = Number(readFileSync(notes, 'utf8'))
    expect(isRunning(pid)).toBe(true)
    parent.kill('SIGKILL')
    await until(() => !isLiving(pid))
  })
})

/** Whether a process still does something: one that ended may wait to be collected. */
function isLiving(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return process.platform === 'linux' ? false : isRunning(pid)
  }
}
