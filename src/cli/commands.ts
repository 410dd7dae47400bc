import { AppError } from '../shared/errors'
import { memoryProbe } from './bench/memoryProbe'
import { classify } from './classify'
import type { Command, CommandContext } from './context'
import { explain } from './explain'
import { inspect } from './inspect'
import { printable } from './table'
import { usage } from './usage'

/** Sub-commands; the rarer ones are loaded when they are asked for. */
const commands = new Map<string, () => Promise<Command> | Command>([
  ['explain', () => explain],
  ['classify', () => classify],
  ['inspect', () => inspect],
  ['demo', async () => (await import('./demo')).demo],
  ['bench-lrp', async () => benchCommand((await import('./bench/benchLrp')).benchLrp)],
  [memoryProbe, async () => benchCommand((await import('./bench/memory')).probeMemory)],
])
/** The benchmark's own processes run the other one. */
const named = [...commands.keys()].filter((name) => name !== memoryProbe)

const failed = 2

/** @returns the exit status: 0, or 2 when the command could not do what it was asked. */
export async function run(args: readonly string[], context: CommandContext): Promise<number> {
  const [name, ...rest] = args
  if (name === undefined || name === 'help' || rest.includes('--help') || name === '--help') {
    if (name === undefined) context.warn('Name a command; --help shows them.')
    else context.out(usage)
    return name === undefined ? failed : 0
  }
  const warnings: string[] = []
  const warned: CommandContext = {
    ...context,
    // What was assumed belongs to a result: a failure has its own line and no other.
    warn: (text) => warnings.push(text),
    out: (text) => {
      for (const warning of warnings.splice(0)) context.warn(oneLine(warning))
      context.out(text)
    },
  }
  try {
    const load = commands.get(name)
    if (!load)
      throw new AppError(
        'invalid-input',
        `There is no command “${name}”.`,
        `Commands: ${named.join(', ')}.`,
      )
    const command = await load()
    await command(rest, warned)
    return 0
  } catch (error) {
    const { message, hint } = AppError.from(error).toShape()
    context.warn(oneLine(`${message} ${hint}`))
    return failed
  }
}

function oneLine(text: string): string {
  return printable(text.replaceAll(/\s+/g, ' ').trim())
}

function benchCommand(
  bench: (args: readonly string[], print: (line: string) => void) => Promise<void>,
): Command {
  return (args, { out }) => bench(args, (line) => out(`${line}\n`))
}
