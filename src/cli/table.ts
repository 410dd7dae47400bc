/** Text out of files without what would rewrite the line that it stands in, or turn it around. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, '\uFFFD')
}

export interface Column {
  readonly title: string
  readonly align: 'left' | 'right'
}

/** Plain text in aligned columns, two spaces between them, the header underlined. */
export function formatTable(
  columns: readonly Column[],
  cells: readonly (readonly string[])[],
): string {
  const rows = cells.map((row) => row.map(printable))
  const widths = columns.map(({ title }, i) =>
    Math.max(title.length, ...rows.map((row) => [...(row[i] ?? '')].length)),
  )
  const line = (row: readonly string[]) =>
    columns
      .map(({ align }, i) => pad(row[i] ?? '', widths[i] ?? 0, align))
      .join('  ')
      .trimEnd()
  const rule = widths.map((width) => '─'.repeat(width)).join('  ')
  return [line(columns.map(({ title }) => title)), rule, ...rows.map(line), ''].join('\n')
}

/** Counts characters, not UTF-16 units. */
function pad(text: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - [...text].length))
  return align === 'left' ? text + space : space + text
}
