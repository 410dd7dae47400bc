import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'vite'
import { afterAll, beforeAll } from 'vitest'

export interface Child {
  readonly pid: number
  /** Resolves with all lines so far once there are `count` of them, or once the child has ended. */
  readonly lines: (count: number) => Promise<readonly string[]>
  /** SIGKILL; resolves with all lines once the process is gone. */
  readonly kill: () => Promise<readonly string[]>
}

/** Node cannot run TypeScript by itself, so the child is built once for the test file. */
export function useChild(): (mode: 'write' | 'hold', folder: string) => Child {
  let folder = ''
  const running = new Set<ChildProcess>()

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pixelwise-child-'))
    const modules = createRequire(import.meta.url).resolve('zod/package.json')
    symlinkSync(dirname(dirname(modules)), join(folder, 'node_modules'))
    await build({
      configFile: false,
      logLevel: 'error',
      build: {
        ssr: resolve(import.meta.dirname, 'child.ts'),
        outDir: join(folder, 'out'),
        rollupOptions: { output: { entryFileNames: 'child.mjs' } },
      },
    })
  })
  afterAll(() => {
    for (const child of running) child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })

  return (mode, dataFolder) => {
    const child = spawn(process.execPath, [join(folder, 'out/child.mjs'), mode, dataFolder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    running.add(child)
    const seen: string[] = []
    let ended = false
    const waiting = new Set<() => void>()
    const tell = () => {
      for (const check of waiting) check()
    }
    createInterface(child.stdout)
      .on('line', (line) => {
        seen.push(line)
        tell()
      })
      .on('close', () => {
        ended = true
        running.delete(child)
        tell()
      })
    const lines = (count: number) =>
      new Promise<readonly string[]>((done) => {
        const check = () => {
          if (!ended && seen.length < count) return
          waiting.delete(check)
          done(seen)
        }
        waiting.add(check)
        check()
      })
    return {
      pid: child.pid ?? 0,
      lines,
      kill: async () => {
        const exited = new Promise((done) => child.once('exit', done))
        child.kill('SIGKILL')
        await exited
        return lines(Infinity)
      },
    }
  }
}
