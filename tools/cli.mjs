import { asProgram } from './setup/report.mjs'
import { commandLine } from './commandLine.mjs'

await asProgram(() => commandLine(process.argv.slice(2)))
