import type { Field } from '../document/blocks'
import { ruleAcross, type Sheet, type Tag } from './sheet'
import { colours, contentWidth, page, styles, type TextStyle } from './theme'

/** Lines from the cursor down, over as many pages as they need; each page's part is one element. */
export function drawLines(
  sheet: Sheet,
  lines: readonly string[],
  x: number,
  style: TextStyle,
  tag: Tag = 'P',
): void {
  let rest = lines
  while (rest.length > 0) {
    sheet.ensure(style.leading)
    const fitting = Math.max(1, Math.floor(sheet.room() / style.leading))
    const part = rest.slice(0, fitting)
    sheet.tagged(tag, () => {
      for (const line of part) {
        sheet.line(line, x, sheet.y, style)
        sheet.y += style.leading
      }
    })
    rest = rest.slice(fitting)
  }
}

export function drawCover(
  sheet: Sheet,
  cover: { readonly title: string; readonly subtitle: string; readonly aside: string },
): void {
  const right = { width: contentWidth }
  sheet.tagged('P', () => {
    sheet.line('Pixelwise', page.left, sheet.y - 14, styles.brand)
    sheet.line(cover.aside, page.left, sheet.y - 14, { ...styles.aside, size: 8.5 }, right)
  })
  sheet.y += 26
  sheet.tagged('H1', () => sheet.line(cover.title, page.left, sheet.y, styles.title))
  sheet.y += styles.title.leading + 2
  drawLines(
    sheet,
    sheet.wrap(cover.subtitle, contentWidth, styles.subtitle),
    page.left,
    styles.subtitle,
  )
  sheet.y += 18
}

/** A heading never stands alone at the foot of a page. */
const headingCompany = 64

export function drawHeading(
  sheet: Sheet,
  heading: {
    readonly level: 1 | 2
    readonly text: string
    readonly aside: string
    readonly startsPage: boolean
  },
): void {
  const first = heading.level === 1
  const style = first ? styles.heading1 : styles.heading2
  if (first) sheet.section = heading.text
  const lines = sheet.wrap(heading.text, contentWidth - (heading.aside === '' ? 0 : 160), style)
  const height = lines.length * style.leading
  if (heading.startsPage) sheet.newPage()
  else {
    sheet.y += first ? 26 : 16
    sheet.ensure(height + headingCompany)
  }
  if (first) sheet.pdf.outline.addItem(lines.join(' '))
  if (!first) {
    ruleAcross(sheet)
    sheet.y += 7
  }
  sheet.tagged(first ? 'H1' : 'H2', () => {
    for (const [index, line] of lines.entries()) {
      sheet.line(line, page.left, sheet.y + index * style.leading, style)
    }
    const aside = sheet.shorten(heading.aside, 150, styles.aside)
    const top = sheet.y + (style.leading - styles.aside.leading) / 2
    sheet.line(aside, page.left, top, asideStyle(heading.aside), { width: contentWidth })
  })
  sheet.y += height + (first ? 8 : 4)
}

/** Verdicts carry their state's colour; their sign and words say the same without it. */
function asideStyle(text: string): TextStyle {
  return { ...styles.aside, colour: stateColour(text) ?? styles.aside.colour }
}

export function stateColour(text: string): string | null {
  if (text.startsWith('✓')) return colours.agree
  if (text.startsWith('✗')) return colours.disagree
  if (text.startsWith('? ')) return colours.unsure
  return null
}

const labelWidth = 112

function valueStyle(field: Field): TextStyle {
  if (field.style === 'hash') return styles.hash
  if (field.style !== 'strong') return styles.body
  return { ...styles.strong, colour: stateColour(field.value) ?? styles.strong.colour }
}

export function drawFields(sheet: Sheet, rows: readonly Field[]): void {
  const width = contentWidth - labelWidth
  for (const row of rows) {
    const style = valueStyle(row)
    const values = sheet.wrap(row.value, width, style)
    const labels = sheet.wrap(row.label, labelWidth - 12, styles.label)
    sheet.ensure(Math.max(labels.length, Math.min(values.length, 2)) * style.leading)
    const labelBottom = sheet.y + labels.length * styles.label.leading
    sheet.tagged('P', () => {
      for (const [index, line] of labels.entries()) {
        sheet.line(line, page.left, sheet.y + index * styles.label.leading, styles.label)
      }
    })
    const before = sheet.sections.length
    drawLines(sheet, values, page.left + labelWidth, style)
    if (sheet.sections.length === before) sheet.y = Math.max(sheet.y, labelBottom)
    sheet.y += 2.5
  }
}

export function drawParagraph(sheet: Sheet, text: string, tone: 'normal' | 'quiet'): void {
  const style = tone === 'quiet' ? styles.quiet : styles.body
  drawLines(sheet, sheet.wrap(text, contentWidth, style), page.left, style)
  sheet.y += 4
}

export function drawNotice(sheet: Sheet, text: string): void {
  const style = styles.notice
  const inset = 12
  const lines = sheet.wrap(text, contentWidth - 2 * inset, style)
  const height = lines.length * style.leading + 14
  sheet.y += 12
  sheet.ensure(height)
  sheet.artifact(() => {
    sheet.pdf.rect(page.left, sheet.y, contentWidth, height).fill('#f5f6f8')
    sheet.pdf.rect(page.left, sheet.y, 2, height).fill(colours.ink)
  })
  const top = sheet.y
  sheet.y += 7
  drawLines(sheet, lines, page.left + inset, style)
  sheet.y = top + height + 14
}

export function drawCode(sheet: Sheet, text: string): void {
  const inset = 8
  const style = styles.body
  let rest = sheet.wrap(text, contentWidth - 2 * inset, style)
  while (rest.length > 0) {
    sheet.ensure(style.leading + 12)
    const fitting = Math.max(1, Math.floor((sheet.room() - 12) / style.leading))
    const part = rest.slice(0, fitting)
    const height = part.length * style.leading + 12
    const top = sheet.y
    sheet.artifact(() => sheet.pdf.rect(page.left, top, contentWidth, height).fill('#f5f6f8'))
    sheet.y += 6
    drawLines(sheet, part, page.left + inset, style, 'Code')
    sheet.y = top + height + 8
    rest = rest.slice(fitting)
  }
}

export function drawSignature(sheet: Sheet, name: string, meaning: string): void {
  const height = 78
  sheet.y += 14
  sheet.ensure(height)
  const top = sheet.y
  const column = (contentWidth - 24) / 2
  drawLines(sheet, [sheet.shorten(meaning, contentWidth, styles.quiet)], page.left, styles.quiet)
  const base = top + 54
  sheet.artifact(() => {
    sheet.rule(page.left, base, column, colours.quiet)
    sheet.rule(page.left + column + 24, base, column, colours.quiet)
  })
  sheet.tagged('P', () => {
    sheet.line(sheet.shorten(name, column, styles.quiet), page.left, base + 2, styles.quiet)
    sheet.line('Date and signature', page.left + column + 24, base + 2, styles.quiet)
  })
  sheet.y = top + height
}
