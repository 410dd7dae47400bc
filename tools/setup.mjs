import { asProgram, say } from './setup/report.mjs'
import { prepareApplication } from './setup/steps.mjs'

await asProgram(async () => {
  await prepareApplication()
  say('ready: "npm start" opens the application')
  return 0
})
