import { inRoot } from './setup/paths.mjs'
import { asProgram } from './setup/report.mjs'
import { prepareApplication } from './setup/steps.mjs'
import { sentence } from './testing/count.mjs'
import { stages } from './testing/stages.mjs'

/** Runs the journeys that take the README's pictures, and lets them write into docs. */
await asProgram(async () => {
  const { env } = await prepareApplication()
  const journeys = stages.find(({ name }) => name === 'e2e')
  if (journeys === undefined) return 1
  const count = await journeys.run(['--grep', '@screenshot'], {
    ...process.env,
    ...env,
    PIXELWISE_SCREENSHOTS: inRoot('docs', 'screenshots'),
  })
  process.stdout.write(`${sentence(count)}\n`)
  return count.failed === 0 ? 0 : 1
})
