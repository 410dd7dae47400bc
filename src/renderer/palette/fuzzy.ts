/**
 * How well a query fits a text: null when its letters do not occur in this order, else higher is
 * better. Letters in a row, and letters that begin a word, count more.
 */
export function fuzzyScore(query: string, text: string): number | null {
  const wanted = query.toLowerCase().replace(/\s+/g, '')
  const lower = text.toLowerCase()
  if (wanted === '') return 0
  const whole = lower.indexOf(query.trim().toLowerCase())
  if (whole >= 0) {
    const startsWord = whole === 0 || !isWordLetter(lower[whole - 1])
    return (startsWord ? 2000 : 1000) - whole - text.length / 100
  }
  let score = 0
  let at = -1
  for (const letter of wanted) {
    const next = lower.indexOf(letter, at + 1)
    if (next < 0) return null
    const startsWord = next === 0 || !isWordLetter(lower[next - 1])
    score += next === at + 1 ? 8 : startsWord ? 6 : 1
    at = next
  }
  return score - text.length / 100
}

function isWordLetter(letter: string | undefined): boolean {
  return /[\p{L}\p{N}]/u.test(letter ?? '')
}

/** The items whose text fits, best first; an empty query keeps the given order. */
export function fuzzyFilter<T>(
  query: string,
  items: readonly T[],
  textOf: (item: T) => string,
): readonly T[] {
  if (query.trim() === '') return items
  return items
    .map((item) => ({ item, score: fuzzyScore(query, textOf(item)) }))
    .filter((found): found is { item: T; score: number } => found.score !== null)
    .toSorted((a, b) => b.score - a.score)
    .map(({ item }) => item)
}
