import { spawn, spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { inRoot, root } from './paths.mjs'

/** @typedef {{ status: number, output: string }} Outcome */

/** @type {readonly NodeJS.Signals[]} */
const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Runs a program quietly and waits for it. It ends with us, however we end.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number }} [options]
 * @returns {Promise<Outcome>} its exit status (1 when it was killed, 127 when not found) and all it
 *   printed
 */
export function run(program, args, options = {}) {
  return new Promise((done) => {
    const guard = spawn(
      process.execPath,
      [inRoot('tools', 'setup', 'guard.mjs'), program, ...args],
      {
        cwd: options.cwd ?? root,
        env: options.env ?? process.env,
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        detached: process.platform !== 'win32',
      },
    )
    const tooLong =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => guard.disconnect(), options.timeoutMs)
    let output = ''
    const collect = (/** @type {Buffer} */ chunk) => {
      output += chunk.toString()
    }
    guard.stdout?.on('data', collect)
    guard.stderr?.on('data', collect)
    guard.on('error', (error) => done({ status: 1, output: `${output}${error.message}` }))
    guard.on('close', (code) => {
      clearTimeout(tooLong)
      done({ status: code ?? 1, output })
    })
  })
}

/**
 * Runs a program in the foreground: it has the terminal, and interrupts reach it first.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<number>} its exit status; 128 + signal number when a signal ended it
 */
export function runInForeground(program, args, env = process.env) {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { cwd: process.cwd(), env, stdio: 'inherit' })
    const relays = endingSignals.map((signal) => {
      // A terminal's Ctrl+C reaches the child by itself; a signal sent to us alone does not.
      const relay = () => void (signal !== 'SIGINT' && child.kill(signal))
      process.on(signal, relay)
      return () => process.off(signal, relay)
    })
    child.on('error', fail)
    child.on('close', (code, signal) => {
      for (const release of relays) release()
      done(code ?? 128 + (signal === 'SIGINT' ? 2 : signal === 'SIGKILL' ? 9 : 15))
    })
  })
}

/**
 * The output of a quick question to a program, empty when there is no such program.
 *
 * @param {string} program
 * @param {readonly string[]} args
 */
export function ask(program, args) {
  const answer = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  })
  return answer.status === 0 ? answer.stdout : ''
}

/**
 * Whether a program of this name can be started.
 *
 * @param {string} program
 */
export function isOnPath(program) {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/**
 * npm as it was started for us, else as found on PATH: program and leading arguments.
 *
 * @returns {{ program: string, args: string[] }}
 */
export function npm() {
  const script = process.env['npm_execpath']
  if (script !== undefined && /npm-cli\.c?js$/.test(script)) {
    return { program: process.execPath, args: [script] }
  }
  return { program: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] }
}

/**
 * A script of an installed package, to be run by this Node.
 *
 * @param {...string} parts path below node_modules
 */
export const installed = (...parts) => inRoot('node_modules', ...parts)
