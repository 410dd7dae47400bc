import { commandLine } from './commandLine.mjs'
import { asProgram } from './setup/report.mjs'

await asProgram(() => commandLine(['bench-lrp', ...process.argv.slice(2)]))
