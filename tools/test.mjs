import { asProgram, say, SetupError } from './setup/report.mjs'
import { root } from './setup/paths.mjs'
import { prepareApplication } from './setup/steps.mjs'
import { countOfCheck, sentence, sum } from './testing/count.mjs'
import { stages } from './testing/stages.mjs'

/**
 * `node tools/test.mjs` sets up and runs every stage, each even if an earlier one failed;
 * `node tools/test.mjs STAGE …` runs that one and hands it what follows. The last line is the sum.
 */
await asProgram(async () => {
  process.chdir(root)
  const [only, ...args] = process.argv.slice(2)
  const chosen = stages.filter(({ name }) => only === undefined || name === only)
  if (chosen.length === 0) {
    const names = stages.map(({ name }) => name).join(', ')
    throw new SetupError(`There is no test stage "${only}".`, `Name one of ${names}, or none.`)
  }
  /** @type {{ title: string, count: import('./testing/count.mjs').Count }[]} */
  const outcomes = []
  try {
    const { env } = await prepareApplication()
    for (const { title, run } of chosen) {
      say(`— ${title}`)
      outcomes.push({ title, count: await run(args, { ...process.env, ...env }) })
    }
  } catch (thrown) {
    if (!(thrown instanceof SetupError)) throw thrown
    process.stderr.write(thrown.detail)
    say(`failed: ${thrown.message}`)
    say(`to do: ${thrown.advice}`)
    outcomes.push({ title: 'Set-up', count: countOfCheck(false) })
  }
  for (const { title, count } of outcomes) say(`${title}: ${sentence(count)}`)
  const all = sum(outcomes.map(({ count }) => count))
  process.stdout.write(`${sentence(all)}\n`)
  return all.failed === 0 ? 0 : 1
})
