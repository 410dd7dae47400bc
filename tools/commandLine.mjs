import { inRoot } from './setup/paths.mjs'
import { runInForeground } from './setup/run.mjs'
import { prepareCommandLine } from './setup/steps.mjs'

/**
 * Runs the product's command line after the little set-up it needs. Standard output is the command's
 * alone.
 *
 * @param {readonly string[]} args
 * @returns {Promise<number>} its exit status
 */
export async function commandLine(args) {
  await prepareCommandLine()
  return runInForeground(process.execPath, [inRoot('out', 'main', 'cli.js'), ...args])
}
