import { buildApplication } from './setup/build.mjs'
import { installDependencies } from './setup/dependencies.mjs'
import { checkNodeVersion } from './setup/nodeVersion.mjs'
import { asProgram } from './setup/report.mjs'

await asProgram(async () => {
  checkNodeVersion()
  await installDependencies()
  await buildApplication({ always: true })
  return 0
})
