import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeOnce } from './makeOnce.mjs'
import { nodeHeaders } from './nodeHeaders.mjs'
import { SetupError } from './report.mjs'
import { installed, run } from './run.mjs'
import { requirePrograms } from './systemPackages.mjs'

/**
 * better-sqlite3's build recipe for a host with Node-API 9: the newer functions it uses exist there
 * as experimental ones, and the experimental clean-up contract, under which finalisers may not call
 * back into JavaScript, is opted out of. Link-time optimisation costs minutes and gains nothing here.
 *
 * @param {string} recipe `binding.gyp`
 * @returns {string}
 */
export function recipeForNodeApi9(recipe) {
  return recipe
    .replace(
      "'NAPI_VERSION=10'",
      [
        'NAPI_EXPERIMENTAL',
        'NODE_API_EXPERIMENTAL_NO_WARNING',
        'NODE_API_EXPERIMENTAL_NOGC_ENV_OPT_OUT',
      ]
        .map((define) => `'${define}'`)
        .join(', '),
    )
    .replaceAll(/, '-flto'|'-flto', |'-flto'/g, '')
}

/**
 * Whether an add-on works in this Node, asked of a child: a wrong binary takes its process down.
 *
 * @param {string} binding
 */
async function worksHere(binding) {
  const question = `const D = require(${JSON.stringify(installed('better-sqlite3'))});
    const db = new D(':memory:', { nativeBinding: ${JSON.stringify(binding)} });
    process.exit(db.prepare('select 6 * 7 as n').get().n === 42 ? 0 : 3)`
  return (await run(process.execPath, ['-e', question])).status === 0
}

/**
 * Compiles better-sqlite3 from its own source, beside the target, and moves the tested binary there.
 * node_modules stays as npm left it.
 *
 * @param {string} target path of the `.node` file to make
 */
export async function compileSqlite(target) {
  await requirePrograms(['g++', 'make', 'python3'], 'Compiling the SQLite add-on')
  const headers = await nodeHeaders()
  await makeOnce(target, async (workshop) => {
    const source = join(workshop, 'source')
    await cp(installed('better-sqlite3'), source, { recursive: true })
    const addonApi = join('node_modules', 'node-addon-api')
    await cp(installed('node-addon-api'), join(source, addonApi), { recursive: true })
    const recipe = join(source, 'binding.gyp')
    await writeFile(recipe, recipeForNodeApi9(await readFile(recipe, 'utf8')))
    const args = ['rebuild', '--release', '--force_build=1', '--jobs=max']
    if (headers !== undefined) args.push(`--nodedir=${headers}`)
    const { status, output } = await run(
      process.execPath,
      [installed('node-gyp', 'bin', 'node-gyp.js'), ...args],
      { cwd: source },
    )
    const made = join(source, 'build', 'Release', 'better_sqlite3.node')
    if (status === 0 && (await worksHere(made))) return made
    throw new SetupError(
      'The SQLite add-on could not be compiled.',
      'Use Node.js 22.14 or newer, which needs no compiling, or repair the C++ compiler named above.',
      output.split('\n').slice(-30).join('\n'),
    )
  })
}
