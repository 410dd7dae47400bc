import { readFileSync, rmSync } from 'node:fs'
import { inRoot } from '../setup/paths.mjs'
import { installed, runInForeground } from '../setup/run.mjs'
import { countOfCheck, countOfPlaywright, countOfVitest, settle } from './count.mjs'
import { startDisplay } from './display.mjs'

/**
 * @typedef {import('./count.mjs').Count} Count
 * @typedef {{
 *   readonly name: string,
 *   readonly title: string,
 *   readonly run: (args: readonly string[], env: NodeJS.ProcessEnv) => Promise<Count>,
 * }} Stage
 */

/**
 * @param {readonly string[]} script path below node_modules
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
const node = (script, args, env) =>
  runInForeground(process.execPath, [installed(...script), ...args], env)

/**
 * Runs a runner that leaves a JSON report, and counts what the report says.
 *
 * @template Report
 * @param {string} name of the report below test-results
 * @param {(report: Report) => Count} count
 * @param {(path: string) => Promise<number>} run told where the report goes
 */
async function reported(name, count, run) {
  const path = inRoot('test-results', name)
  rmSync(path, { force: true })
  const status = await run(path)
  /** @type {Count | undefined} */
  let found
  try {
    found = count(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    found = undefined
  }
  return settle(found, status)
}

/** @type {readonly Stage[]} */
export const stages = [
  {
    name: 'format',
    title: 'Format',
    run: async (args, env) => {
      const all = ['--check', '--log-level', 'warn', '.', ...args]
      return countOfCheck((await node(['prettier', 'bin', 'prettier.cjs'], all, env)) === 0)
    },
  },
  {
    name: 'lint',
    title: 'Lint',
    run: async (args, env) => {
      const all = ['--type-aware', '-c', 'oxlint.config.mjs', ...args]
      return countOfCheck((await node(['oxlint', 'bin', 'oxlint'], all, env)) === 0)
    },
  },
  {
    name: 'types',
    title: 'Type check',
    run: async (args, env) =>
      countOfCheck((await node(['typescript', 'bin', 'tsc'], ['-p', '.', ...args], env)) === 0),
  },
  {
    name: 'unit',
    title: 'Unit and integration tests',
    run: (args, env) =>
      reported('unit.json', countOfVitest, (path) => {
        const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${path}`]
        return node(['vitest', 'vitest.mjs'], ['run', ...reporters, ...args], env)
      }),
  },
  {
    name: 'e2e',
    title: 'Journeys in the application',
    run: (args, env) =>
      reported('e2e.json', countOfPlaywright, async (path) => {
        const display = await startDisplay()
        try {
          return await node(
            ['@playwright', 'test', 'cli.js'],
            ['test', '--pass-with-no-tests', ...args],
            { ...env, ...display.env, PLAYWRIGHT_JSON_OUTPUT_FILE: path },
          )
        } finally {
          display.stop()
        }
      }),
  },
]
