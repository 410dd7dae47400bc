import { run } from './commands'

// A closed pipe (`… | head`) is the reader's choice, not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 2)
})

process.exitCode = await run(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  warn: (line) => process.stderr.write(`pixelwise: ${line}\n`),
})
