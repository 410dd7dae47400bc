/**
 * Runs `node guard.mjs PROGRAM ARG …` and ends it, with all it started, when the process that asked
 * for it is gone, however that ended: an npm that went on alone would disturb the next attempt. The
 * channel to that process closing is what tells.
 */
import { spawn } from 'node:child_process'

/** How long the program may take to end of itself. */
const graceMs = 2_000

const [program = '', ...args] = process.argv.slice(2)
const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] })
child.once('error', (error) => {
  console.error(error.message)
  process.exit(127)
})
child.once('close', (code) => process.exit(code ?? 1))

/** @param {NodeJS.Signals} signal to us and, where we lead a process group, to the whole of it */
const signalAll = (signal) => {
  if (process.platform === 'win32') child.kill(signal)
  else process.kill(-process.pid, signal)
}

process.once('disconnect', () => {
  // We stay until the grace is over.
  process.on('SIGTERM', () => undefined)
  signalAll('SIGTERM')
  setTimeout(() => signalAll('SIGKILL'), graceMs)
})
