import type { z } from 'zod'
import { AppError } from '../errors'
import { customCompositeSchema, ruleSpecSchema, type CustomComposite } from './composite'

/** Larger files are not read: 200 rules with long names need a tenth of it. Bytes. */
export const largestComposite = 1024 * 1024

const ruleNames = ruleSpecSchema.options.map((option) => option.shape.rule.value)

/**
 * Reads the text of a composite file.
 * @throws AppError `invalid-input` with a sentence that names the file and the place in it.
 */
export function parseComposite(text: string, fileName: string): CustomComposite {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new AppError(
      'invalid-input',
      `“${fileName}” is not JSON${placeOf(cause, text)}.`,
      'Correct it there; what is missing is usually a quotation mark, a comma or a bracket.',
      { cause },
    )
  }
  const parsed = customCompositeSchema.safeParse(json)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new AppError(
    'invalid-input',
    `“${fileName}” is not a composite that can be used: ${issue ? sentenceOf(issue) : 'it is empty'}.`,
    'docs/composites.md describes the format, assets/composites holds examples.',
  )
}

/** `: Expected ',' or ']' after array element (line 3)`, as far as the parser says it. */
function placeOf(error: unknown, text: string): string {
  const { message } = error instanceof Error ? error : { message: '' }
  const what = message.split(/ (?:in|of) JSON| JSON|, ["…]|, \.\.\./)[0] ?? ''
  const at = /position (\d+)/.exec(message)
  const line = at ? ` (line ${text.slice(0, Number(at[1])).split('\n').length})` : ''
  return `${what === '' ? '' : `: ${what}`}${line}`
}

function sentenceOf(issue: z.core.$ZodIssue): string {
  const place = issue.path.reduce<string>(
    (before, step) =>
      typeof step === 'number' ? `${before}[${step}]` : `${before}.${String(step)}`,
    '',
  )
  return `${place === '' ? 'it' : place.replace(/^\./, '')} ${whatIsWrong(issue)}`
}

function whatIsWrong(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.message.endsWith('received undefined')) return 'is missing'
      return `must be ${/^[aeio]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}`
    case 'invalid_value':
      return `must be ${listOf(issue.values.map(String))}`
    case 'invalid_union':
      // Of the unions in the schema only the one of the rules tells its members apart by a word.
      return issue.path.at(-1) === 'rule'
        ? `must be ${listOf(ruleNames)}`
        : 'must be a number, or a list of numbers, one per channel'
    case 'unrecognized_keys':
      return `has “${issue.keys.join('”, “')}”, which is not part of the format`
    case 'too_small':
      return issue.origin === 'number' ? `must be at least ${issue.minimum}` : 'must not be empty'
    case 'too_big':
      return issue.origin === 'number'
        ? `must be at most ${issue.maximum}`
        : `must not be longer than ${issue.maximum}`
    case 'custom':
    case 'invalid_element':
    case 'invalid_format':
    case 'invalid_key':
    case 'not_multiple_of':
      return `is wrong: ${issue.message}`
  }
}

function listOf(words: readonly string[]): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? `“${last}”` : `one of ${words.slice(0, -1).join(', ')} or ${last}`
}
