import { AppError } from '../errors'
import { issueSentence, listOf } from '../issueSentence'
import { customCompositeSchema, ruleSpecSchema, type CustomComposite } from './composite'

/** Larger files are not read: 200 rules with long names need a tenth of it. Bytes. */
export const largestComposite = 1024 * 1024

const ruleNames = ruleSpecSchema.options.map((option) => option.shape.rule.value)

/** Of the unions in the schema only the one of the rules tells its members apart by a word. */
const unionWords = (field: PropertyKey | undefined): string =>
  field === 'rule'
    ? `must be ${listOf(ruleNames)}`
    : 'must be a number, or a list of numbers, one per channel'

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
    `“${fileName}” is not a composite that can be used: ${issue ? issueSentence(issue, unionWords) : 'it is empty'}.`,
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
