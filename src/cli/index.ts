import { run } from './commands'
import { createProgressLine } from './progressLine'

// A closed pipe (`… | head`) is the reader's choice, not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 2)
})

const line = createProgressLine(process.stderr)

process.exitCode = await run(process.argv.slice(2), {
  out: (text) => {
    line.clear()
    process.stdout.write(text)
  },
  warn: (text) => {
    line.clear()
    process.stderr.write(`pixelwise: ${text}\n`)
  },
  progress: line.show,
})
