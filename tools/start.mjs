import { commandLine } from './commandLine.mjs'
import { root } from './setup/paths.mjs'
import { asProgram, say } from './setup/report.mjs'
import { runInForeground } from './setup/run.mjs'
import { sandboxFlags } from './setup/sandbox.mjs'
import { prepareApplication } from './setup/steps.mjs'

/**
 * Whether a window could be shown. Only Linux can be without a display.
 *
 * @param {NodeJS.ProcessEnv} env
 */
const hasDisplay = (env) =>
  process.platform !== 'linux' || Boolean(env['DISPLAY']) || Boolean(env['WAYLAND_DISPLAY'])

await asProgram(async () => {
  const args = process.argv.slice(2)
  if (!hasDisplay(process.env)) {
    say('there is no display here, so this is the demonstration without a window (npm run demo)')
    return commandLine(['demo'])
  }
  const { runtime, env } = await prepareApplication()
  return runInForeground(runtime.executable, [...sandboxFlags(), root, ...args], {
    ...process.env,
    ...env,
  })
})
