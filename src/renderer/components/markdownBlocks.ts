export type MarkdownBlock =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly string[] }
  | { readonly kind: 'table'; readonly rows: readonly (readonly string[])[] }

const item = /^(?:(\d+)\.|[-*]) +/

/** Headings, paragraphs, flat lists and tables; what begins with `#` alone, the title, is left out. */
export function markdownBlocks(text: string): readonly MarkdownBlock[] {
  return text
    .split(/\r?\n\s*\r?\n/)
    .map((part) => part.trim())
    .filter((part) => part !== '' && !part.startsWith('# '))
    .map(readBlock)
}

function readBlock(part: string): MarkdownBlock {
  const lines = part.split(/\r?\n/)
  const heading = /^(#{2,6}) +(.+)$/.exec(part)
  if (heading?.[1] !== undefined && heading[2] !== undefined) {
    return { kind: 'heading', level: heading[1].length, text: heading[2] }
  }
  if (lines.every((line) => line.startsWith('|'))) {
    // The first row and the rule below it only repeat what the columns are.
    return { kind: 'table', rows: lines.slice(2).map(cellsOf) }
  }
  if (lines.every((line) => item.test(line))) {
    return {
      kind: 'list',
      ordered: /^\d/.test(part),
      items: lines.map((line) => line.replace(item, '')),
    }
  }
  return { kind: 'paragraph', text: lines.join(' ') }
}

function cellsOf(line: string): readonly string[] {
  return line
    .replace(/^\||\|\s*$/g, '')
    .split('|')
    .map((cell) => cell.trim())
}

export interface MarkdownSpan {
  readonly kind: 'text' | 'strong' | 'code'
  readonly text: string
}

/** `**strong**` and `` `code` `` within a line. */
export function markdownSpans(text: string): readonly MarkdownSpan[] {
  return text
    .split(/(\*\*[^*]+\*\*|`[^`]+`)/)
    .filter((part) => part !== '')
    .map((part) => {
      if (/^\*\*[^*]+\*\*$/.test(part)) return { kind: 'strong', text: part.slice(2, -2) }
      if (/^`[^`]+`$/.test(part)) return { kind: 'code', text: part.slice(1, -1) }
      return { kind: 'text', text: part }
    })
}
