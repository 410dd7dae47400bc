import type { Cell, Column, TableBlock } from '../document/blocks'
import type { Sheet } from './sheet'
import { stateColour } from './textBlocks'
import { colours, contentWidth, page, styles, type TextStyle } from './theme'

const gap = 14
const padding = 3

interface Placed {
  readonly column: Column
  readonly x: number
  readonly width: number
}

/** Columns of numbers are as wide as their widest number, up to this; they never break. */
const widestNumber = 90

/** Numbers take the width they need; texts and bars share what is left in proportion. */
function place(sheet: Sheet, { columns, rows }: TableBlock): readonly Placed[] {
  const needed = columns.map((column, index) => {
    if (column.align === 'left') return null
    const cells = rows.map((row) => row[index] ?? '')
    const widths = cells.map((cell) =>
      typeof cell === 'string' ? sheet.widthOf(cell, styles.cell) : 0,
    )
    const title = sheet.widthOf(column.title, styles.cellHead)
    return Math.min(widestNumber, widths.reduce((a, b) => Math.max(a, b), title) + 0.5)
  })
  const shares = columns.reduce(
    (sum, column, index) => sum + (needed[index] === null ? column.width : 0),
    0,
  )
  const taken = needed.reduce<number>((sum, width) => sum + (width ?? 0), 0)
  const left = contentWidth - gap * (columns.length - 1) - taken
  let x: number = page.left
  return columns.map((column, index) => {
    const width = needed[index] ?? (column.width / shares) * left
    const placed = { column, x, width }
    x += width + gap
    return placed
  })
}

/** A table over as many pages as it needs; its head stands on each, rows break only when they must. */
export function drawTable(sheet: Sheet, table: TableBlock): void {
  const placed = place(sheet, table)
  const headHeight = styles.cellHead.leading + padding
  const rows = table.rows.map((row) => ({ row, lines: rowLines(sheet, placed, row) }))
  const firstHeight = rows[0] ? rowHeight(rows[0].lines) : 0
  sheet.y += 2
  sheet.ensure(headHeight + Math.min(firstHeight, 120))
  sheet.group('Table', () => {
    drawHead(sheet, placed)
    for (const { row, lines } of rows) {
      let rest = lines
      const whole = rowHeight(lines)
      const pageBody = page.bottom - page.top - headHeight
      if (whole > sheet.room() && whole <= pageBody) {
        sheet.newPage()
        drawHead(sheet, placed)
      }
      do {
        if (sheet.room() < styles.cell.leading + 2 * padding) {
          sheet.newPage()
          drawHead(sheet, placed)
        }
        const fitting = Math.floor((sheet.room() - 2 * padding) / styles.cell.leading)
        drawRow(sheet, placed, row, rest, fitting)
        rest = rest.map((cell) => cell.slice(fitting))
      } while (rest.some((cell) => cell.length > 0))
    }
  })
  sheet.y += 4
}

function drawHead(sheet: Sheet, placed: readonly Placed[]): void {
  sheet.group('TR', () => {
    for (const { column, x, width } of placed) {
      if (column.title === '') continue
      const title = sheet.shorten(column.title, width, styles.cellHead)
      sheet.tagged('TH', () =>
        sheet.line(
          title,
          x,
          sheet.y,
          styles.cellHead,
          column.align === 'right' ? { width } : undefined,
        ),
      )
    }
  })
  sheet.y += styles.cellHead.leading + padding
  sheet.artifact(() => sheet.rule(page.left, sheet.y, contentWidth))
}

function rowLines(sheet: Sheet, placed: readonly Placed[], row: readonly Cell[]) {
  return placed.map(({ width }, index) => {
    const cell = row[index] ?? ''
    return typeof cell === 'string' ? sheet.wrap(cell, width, styles.cell) : ['']
  })
}

function rowHeight(lines: readonly (readonly string[])[]): number {
  const most = Math.max(1, ...lines.map((cell) => cell.length))
  return most * styles.cell.leading + 2 * padding
}

function cellStyle(text: string): TextStyle {
  return { ...styles.cell, colour: stateColour(text) ?? styles.cell.colour }
}

function drawRow(
  sheet: Sheet,
  placed: readonly Placed[],
  row: readonly Cell[],
  lines: readonly (readonly string[])[],
  fitting: number,
): void {
  const part = lines.map((cell) => cell.slice(0, fitting))
  const top = sheet.y + padding
  sheet.group('TR', () => {
    for (const [index, { column, x, width }] of placed.entries()) {
      const cell = row[index] ?? ''
      if (typeof cell !== 'string') {
        sheet.artifact(() => drawBar(sheet, cell.share, x, top, width))
        continue
      }
      const style = cellStyle(cell)
      sheet.tagged('TD', () => {
        for (const [number, line] of (part[index] ?? []).entries()) {
          const y = top + number * style.leading
          sheet.line(line, x, y, style, column.align === 'right' ? { width } : undefined)
        }
      })
    }
  })
  sheet.y += rowHeight(part)
  sheet.artifact(() => sheet.rule(page.left, sheet.y, contentWidth, colours.faint))
}

function drawBar(sheet: Sheet, share: number, x: number, top: number, width: number): void {
  const height = 4
  const y = top + (styles.cell.leading - height) / 2
  const filled = Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0)) * width
  sheet.pdf.rect(x, y, width, height).fill(colours.faint)
  if (filled > 0) sheet.pdf.rect(x, y, filled, height).fill(colours.bar)
}
