/** Where a line may end: between a space and a word, and after a sign that joins words. */
const breaks = /(?<= )(?=[^ ])|(?<=[\p{L}\d][-/._])(?=\p{L})/u

/**
 * Breaks a text into lines no wider than `width`: after spaces, after the signs that join words
 * (hyphen, slash, full stop, underscore), and anywhere in a word that is wider than a line by itself. Line feeds break; every
 * character but the spaces at a break is kept.
 * @param advance width of one character, in the unit of `width`
 * @returns at least one line
 */
export function breakLines(
  text: string,
  width: number,
  advance: (character: string) => number,
): readonly string[] {
  return text.split('\n').flatMap((paragraph) => breakParagraph(paragraph, width, advance))
}

function measure(text: string, advance: (character: string) => number): number {
  let sum = 0
  for (const character of text) sum += advance(character)
  return sum
}

function breakParagraph(
  paragraph: string,
  width: number,
  advance: (character: string) => number,
): readonly string[] {
  const lines: string[] = []
  let line = ''
  let used = 0
  const flush = () => {
    lines.push(line.trimEnd())
    line = ''
    used = 0
  }
  for (const word of paragraph.split(breaks)) {
    const visible = measure(word.trimEnd(), advance)
    if (line !== '' && used + visible > width) flush()
    if (visible <= width) {
      line += word
      used += measure(word, advance)
      continue
    }
    for (const character of word) {
      const step = advance(character)
      if (line !== '' && character !== ' ' && used + step > width) flush()
      line += character
      used += step
    }
  }
  flush()
  return lines
}

/** The text, or as much of its beginning as fits with an ellipsis. */
export function shortened(
  text: string,
  width: number,
  advance: (character: string) => number,
): string {
  if (measure(text, advance) <= width) return text
  const room = width - advance('…')
  let kept = ''
  let used = 0
  for (const character of text) {
    used += advance(character)
    if (used > room) break
    kept += character
  }
  return `${kept.trimEnd()}…`
}
