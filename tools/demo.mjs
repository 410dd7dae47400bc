import { commandLine } from './commandLine.mjs'
import { asProgram } from './setup/report.mjs'

await asProgram(() => commandLine(['demo', ...process.argv.slice(2)]))
