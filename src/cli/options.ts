import { parseArgs, type ParseArgsConfig } from 'node:util'
import { AppError } from '../shared/errors'
import {
  methodNames,
  methodNameSchema,
  methodParametersSchema,
  parametersOf,
  startSchema,
  type MethodName,
  type MethodParameters,
  type Scope,
  type Start,
  type Target,
} from '../shared/explanation/method'

type OptionTypes = NonNullable<ParseArgsConfig['options']>

/**
 * The options of one sub-command, nothing else allowed.
 * @throws AppError `invalid-input` for unknown options, missing values and stray words.
 */
export function parseOptions<T extends OptionTypes>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false, strict: true }).values
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split(/[.\n]/)[0] ?? '') : String(error)
    throw wrong(reason)
  }
}

export function required(value: string | undefined, option: string): string {
  if (value === undefined || value === '') throw wrong(`--${option} is missing`)
  return value
}

export function parseMethod(value: string): MethodName {
  const parsed = methodNameSchema.safeParse(value)
  if (parsed.success) return parsed.data
  throw wrong(`There is no method “${value}”`, `Methods: ${methodNames.join(', ')}.`)
}

export function parseStart(value: string): Start {
  const parsed = startSchema.safeParse(value)
  if (parsed.success) return parsed.data
  throw wrong(`--start is “${value}”, not logit or unit`)
}

/** `epsilon=1e-6`, `low=-2.1,-2.0,-1.8`; each name at most once. */
export function parseParameters(pairs: readonly string[]): MethodParameters {
  const entries = pairs.map((pair) => {
    const [name = '', ...rest] = pair.split('=')
    const isBound = name === 'low' || name === 'high'
    const numbers = rest.join('=').split(',').map(parseNumber)
    const [first] = numbers
    if (
      !Object.hasOwn(methodParametersSchema.shape, name) ||
      first === undefined ||
      !numbers.every(Number.isFinite) ||
      (numbers.length > 1 && !isBound)
    )
      throw wrong(
        `--param ${pair} is not understood`,
        'Write epsilon=…, gamma=…, low=… or high=…; low and high may have one number per channel, separated by commas.',
      )
    return [name, numbers.length === 1 ? first : numbers] as const
  })
  const names = entries.map(([name]) => name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw wrong(`--param ${twice} is given twice`)
  const parsed = methodParametersSchema.safeParse(Object.fromEntries(entries))
  if (parsed.success) return parsed.data
  throw wrong(`--param: ${parsed.error.issues[0]?.message ?? 'out of range'}`)
}

/**
 * A parameter that the method does not use would be stated in the result and decide nothing.
 * @throws AppError `invalid-input`
 */
export function checkParameters(method: MethodName, parameters: MethodParameters): void {
  const used = parametersOf(method)
  const idle = Object.keys(parameters).find((name) => !used.some((known) => known === name))
  if (idle === undefined) return
  throw wrong(
    `The method ${method} has no parameter ${idle}`,
    used.length > 0 ? `It has ${used.join(', ')}.` : 'It has no parameters.',
  )
}

/** @param against the class held against it, when there is one. */
export function parseTarget(value: string, against: string | undefined): Target {
  if (value === 'top') {
    if (against === undefined) return { kind: 'top' }
    throw wrong('--against needs a --class by number')
  }
  const index = wholeNumber(value, '--class')
  if (against === undefined) return { kind: 'class', index }
  return { kind: 'contrast', index, against: wholeNumber(against, '--against') }
}

/** `X,Y`: the tile's upper left corner in image pixels. */
export function parseScope(tile: string | undefined): Scope {
  if (tile === undefined) return { kind: 'whole' }
  const match = /^(\d{1,7}),(\d{1,7})$/.exec(tile)
  if (!match) throw wrong(`--tile is “${tile}”, not two whole numbers such as 64,96`)
  return { kind: 'tile', x: Number(match[1]), y: Number(match[2]) }
}

function wholeNumber(value: string, option: string): number {
  if (/^\d{1,9}$/.test(value)) return Number(value)
  throw wrong(`${option} is “${value}”, not a class number`)
}

function parseNumber(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text)
}

function wrong(what: string, hint = 'Run it with --help to see what there is.'): AppError {
  return new AppError('invalid-input', `${what}.`, hint)
}
