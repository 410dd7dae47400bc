import { parseArgs, type ParseArgsConfig } from 'node:util'
import { AppError } from '../shared/errors'
import {
  methodNames,
  methodNameSchema,
  methodParametersSchema,
  missingRuleSchema,
  startSchema,
  type MethodName,
  type MethodParameters,
  type MissingRule,
  type ParameterName,
  type Scope,
  type Start,
  type Target,
} from '../shared/explanation/method'
import { parameterChoices, parameterRanges } from '../shared/explanation/parameterRanges'

type OptionTypes = NonNullable<ParseArgsConfig['options']>

/**
 * The options of one sub-command, nothing else allowed.
 * @throws AppError `invalid-input` for unknown options, missing values, stray words, and options that are
 *   given twice where only one can be meant.
 */
export function parseOptions<T extends OptionTypes>(args: readonly string[], options: T) {
  const { values, tokens } = parsedArgs(args, options)
  const names = tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []))
  const twice = names.find(
    (name, at) => options[name]?.multiple !== true && names.indexOf(name) !== at,
  )
  if (twice !== undefined) throw wrong(`--${twice} is given twice`)
  return values
}

function parsedArgs<T extends OptionTypes>(args: readonly string[], options: T) {
  try {
    return parseArgs({
      args: [...args],
      options,
      allowPositionals: false,
      strict: true,
      tokens: true,
    })
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split(/[.\n]/)[0] ?? '') : String(error)
    const dash = /^Option '(--\w[\w-]*).*' argument is ambiguous$/.exec(reason)?.[1]
    if (dash === undefined) throw wrong(reason)
    throw wrong(
      `${dash} has no value, or one that begins with a dash`,
      `Such a value is joined with “=”: ${dash}=-1.`,
    )
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

/** `epsilon=1e-6`, `low=-2.1,-2.0,-1.8`, `baseline=mean`; each name at most once. */
export function parseParameters(pairs: readonly string[]): MethodParameters {
  const entries = pairs.map((pair) => {
    const at = pair.indexOf('=')
    const name = at < 0 ? pair : pair.slice(0, at)
    return [name, at < 0 ? '' : pair.slice(at + 1), pair] as const
  })
  const names = entries.map(([name]) => name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw wrong(`--param ${twice} is given twice`)
  return methodParametersSchema.parse(
    Object.fromEntries(
      entries.map(([name, text, pair]) => {
        if (!isParameter(name)) throw wrong(`--param ${pair} is not understood`, parameterHint)
        const value = parameterChoices[name] ? text : numbersIn(text)
        const parsed = methodParametersSchema.shape[name].safeParse(value)
        if (value === null || value === '' || !parsed.success)
          throw wrong(`--param ${pair} is not understood`, `${name} is ${parameterRanges[name]}.`)
        return [name, value] as const
      }),
    ),
  )
}

const parameterNames = methodParametersSchema.keyof().options
const parameterHint = `Parameters: ${parameterNames.join(', ')}.`

function isParameter(name: string): name is ParameterName {
  return parameterNames.some((known) => known === name)
}

/** One number, or several with commas between; null when one of them is none. */
function numbersIn(text: string): number | number[] | null {
  const numbers = text.split(',').map(parseNumber)
  const [first, ...others] = numbers
  if (first === undefined || !numbers.every(Number.isFinite)) return null
  return others.length === 0 ? first : numbers
}

/** What `--class` asks: one question, several in one run, or the best few classes. */
export type ClassQuestion =
  | { readonly kind: 'one'; readonly target: Target }
  | { readonly kind: 'several'; readonly targets: readonly Target[] }
  | { readonly kind: 'best'; readonly count: number }

/** More explanations at once would need more memory than most machines have. */
const mostClasses = 20
/** As many as a prediction names. */
const mostBest = 5

/**
 * `top`, `7`, `3,7,9` or `top5`.
 * @param against the class held against each, when there is one.
 */
export function parseClasses(value: string, against: string | undefined): ClassQuestion {
  const best = /^top(\d+)$/.exec(value)?.[1]
  if (value === 'top' || best !== undefined) {
    if (against !== undefined) throw wrong('--against needs a --class by number')
    if (best === undefined) return { kind: 'one', target: { kind: 'top' } }
    const count = Number(best)
    if (count < 2 || count > mostBest)
      throw wrong(
        `--class ${value}: the best 2 to ${mostBest} classes can be asked for`,
        'Write top for the best one, or class numbers with commas between.',
      )
    return { kind: 'best', count }
  }
  const indices = value.split(',').map((text) => wholeNumber(text, '--class'))
  const rival = against === undefined ? null : wholeNumber(against, '--against')
  const targets = indices.map((index): Target =>
    rival === null ? { kind: 'class', index } : { kind: 'contrast', index, against: rival },
  )
  const [first, ...others] = targets
  if (first && others.length === 0) return { kind: 'one', target: first }
  const twice = indices.find((index, at) => indices.indexOf(index) !== at)
  if (twice !== undefined) throw wrong(`--class names class ${twice} twice`)
  if (targets.length > mostClasses)
    throw wrong(
      `--class names ${targets.length} classes`,
      `Ask for at most ${mostClasses} at once.`,
    )
  return { kind: 'several', targets }
}

export function parseMissing(value: string | undefined): MissingRule | undefined {
  if (value === undefined) return undefined
  const parsed = missingRuleSchema.safeParse(value)
  if (parsed.success) return parsed.data
  throw wrong(`--missing is “${value}”, not refuse or gradient`)
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

export function wrong(what: string, hint = 'Run it with --help to see what there is.'): AppError {
  return new AppError('invalid-input', `${what}.`, hint)
}
