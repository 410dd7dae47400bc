/**
 * Breaks a text into lines no wider than `width`: after spaces, hyphens and slashes, anywhere in a
 * word that is wider than a line by itself. Line feeds break; every character but the space at a
 * break is kept.
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

/** A word with what may stand at a line's end: a hyphen or slash belongs to it, its spaces follow. */
const words = /[^ \-/]*[-/]+ *|[^ \-/]+ *| +/gu

function breakParagraph(
  paragraph: string,
  width: number,
  advance: (character: string) => number,
): readonly string[] {
  const measure = (part: string) => {
    let sum = 0
    for (const character of part) sum += advance(character)
    return sum
  }
  const lines: string[] = []
  let line = ''
  let used = 0
  const flush = () => {
    lines.push(line.trimEnd())
    line = ''
    used = 0
  }
  for (const [word] of paragraph.matchAll(words)) {
    const visible = measure(word.trimEnd())
    if (line !== '' && used + visible > width) flush()
    if (visible <= width) {
      line += word
      used += measure(word)
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
  let used = 0
  for (const character of text) used += advance(character)
  if (used <= width) return text
  const room = width - advance('…')
  let kept = ''
  used = 0
  for (const character of text) {
    used += advance(character)
    if (used > room) break
    kept += character
  }
  return `${kept.trimEnd()}…`
}
