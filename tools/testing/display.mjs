import { spawn } from 'node:child_process'
import { SetupError } from '../setup/report.mjs'
import { requirePrograms } from '../setup/systemPackages.mjs'

/** How long the virtual display may take to come up. */
const startMs = 20_000

/**
 * A display of our own, so that windows have the same size and depth wherever the tests run. Systems
 * other than Linux use the one they have.
 *
 * @returns {Promise<{ env: Record<string, string>, stop: () => void }>}
 * @throws {SetupError}
 */
export async function startDisplay() {
  if (process.platform !== 'linux') return { env: {}, stop: () => undefined }
  await requirePrograms(['Xvfb'], 'Testing the application')
  // Xvfb chooses a free number and writes it to file descriptor 3 once it is ready.
  const args = ['-displayfd', '3', '-screen', '0', '1920x1200x24', '-nolisten', 'tcp', '-noreset']
  const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  const stop = () => void server.kill()
  process.once('exit', stop)
  /** @type {string | undefined} */
  const number = await new Promise((done) => {
    const tooLate = setTimeout(() => done(undefined), startMs)
    const settle = (/** @type {string | undefined} */ value) => {
      clearTimeout(tooLate)
      done(value)
    }
    server.stdio[3]?.once('data', (chunk) => settle(String(chunk).trim()))
    server.once('error', () => settle(undefined))
    server.once('exit', () => settle(undefined))
  })
  if (number === undefined) {
    stop()
    throw new SetupError(
      'The virtual display (Xvfb) did not start.',
      'See why with "Xvfb -displayfd 1", then repeat the command.',
    )
  }
  // Without this, toolkits prefer a Wayland session that may exist beside it.
  return { env: { DISPLAY: `:${number}`, WAYLAND_DISPLAY: '' }, stop }
}
