import type { z } from 'zod'

/**
 * What is wrong with a file that people write, as the end of a sentence: `input.width must be at least 1`.
 * @param unionWords what a field must be that may be of several kinds.
 */
export function issueSentence(
  issue: z.core.$ZodIssue,
  unionWords: (field: PropertyKey | undefined) => string = () => 'is none of the kinds it may be',
): string {
  const place = issue.path.reduce<string>(
    (before, step) =>
      typeof step === 'number' ? `${before}[${step}]` : `${before}.${String(step)}`,
    '',
  )
  return `${place === '' ? 'it' : place.replace(/^\./, '')} ${whatIsWrong(issue, unionWords)}`
}

const kinds: Readonly<Record<string, string>> = { int: 'a whole number' }
/** As many unknown names, and characters of each, as one can read. */
const mostKeys = 3
const longestKey = 60

function whatIsWrong(
  issue: z.core.$ZodIssue,
  unionWords: (field: PropertyKey | undefined) => string,
): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.message.endsWith('received undefined')) return 'is missing'
      return `must be ${kinds[issue.expected] ?? `${/^[aeio]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}`}`
    case 'invalid_value':
      return `must be ${listOf(issue.values.map(String))}`
    case 'invalid_union':
      return unionWords(issue.path.at(-1))
    case 'unrecognized_keys':
      return `has ${keysOf(issue.keys)}, which ${issue.keys.length === 1 ? 'is' : 'are'} not part of the format`
    case 'too_small':
      if (issue.origin !== 'number' && issue.origin !== 'int') return 'must not be empty'
      return issue.inclusive === false
        ? `must be greater than ${issue.minimum}`
        : `must be at least ${issue.minimum}`
    case 'too_big':
      return issue.origin === 'number' || issue.origin === 'int'
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

function keysOf(keys: readonly string[]): string {
  const shown = keys
    .slice(0, mostKeys)
    .map((key) => `“${key.length > longestKey ? `${key.slice(0, longestKey)}…` : key}”`)
  const more = keys.length - shown.length
  return more === 0 ? shown.join(', ') : `${shown.join(', ')} and ${more} more`
}

/** `“one”` or `one of a, b or c` */
export function listOf(words: readonly string[]): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? `“${last}”` : `one of ${words.slice(0, -1).join(', ')} or ${last}`
}
