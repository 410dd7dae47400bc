/** Begins the name of every value that the compiler adds; `checkGraph` refuses files that use it. */
export const ownPrefix = 'pixelwise:'

/** A name out of a file as one can read it in a sentence. */
export function plainName(name: string): string {
  return plainText(name, 120)
}

/** Names out of a file, as a sentence lists them. */
export function quoted(names: readonly string[]): string {
  return names.map((name) => `“${plainName(name)}”`).join(', ')
}

/**
 * Text out of a file without control and direction characters, which could rewrite the line they stand
 * in, cut off behind `longest` characters.
 */
export function plainText(text: string, longest: number): string {
  // The cut comes first: a name may have megabytes.
  const start = text.slice(0, longest).replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '\uFFFD')
  return text.length > longest ? `${start}…` : start
}

/** Gives out each name once: the base, or the base with a number behind it. */
export function uniqueNames(taken: Iterable<string>): (base: string) => string {
  const counts = new Map<string, number>(Array.from(taken, (name) => [name, 1]))
  return (base) => {
    let count = (counts.get(base) ?? 0) + 1
    let name = count === 1 ? base : `${base}#${count}`
    for (; counts.has(name); count++) name = `${base}#${count}`
    counts.set(base, count)
    if (name !== base) counts.set(name, 1)
    return name
  }
}
