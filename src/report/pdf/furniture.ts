import type { Sheet } from './sheet'
import { contentWidth, page, styles } from './theme'

export interface Furniture {
  readonly reportId: string
  readonly sessionName: string
  /** Of the JSON beside the PDF: ties every printed page to it. */
  readonly jsonSha256: string
  readonly notice: string
}

/** Running head and footer of every page; drawn last, when the number of pages is known. */
export function drawFurniture(sheet: Sheet, furniture: Furniture): void {
  const { pdf } = sheet
  const { start, count } = pdf.bufferedPageRange()
  const right = { width: contentWidth }
  for (let index = 0; index < count; index++) {
    pdf.switchToPage(start + index)
    pdf.markContent('Artifact', { type: 'Pagination' })
    if (index > 0) {
      const half = contentWidth / 2 - 10
      const head = `Review report · ${furniture.sessionName}`
      sheet.line(sheet.shorten(head, half, styles.foot), page.left, 34, styles.foot)
      const section = sheet.shorten(sheet.sections[index] ?? '', half, styles.foot)
      sheet.line(section, page.left, 34, styles.foot, right)
      sheet.rule(page.left, 47, contentWidth)
    }
    const top = page.height - 50
    sheet.rule(page.left, top - 6, contentWidth)
    sheet.line(`Report ${furniture.reportId}`, page.left, top, styles.foot)
    sheet.line(`Page ${index + 1} of ${count}`, page.left, top, styles.foot, right)
    const second = top + styles.foot.leading
    sheet.line(`JSON sha256 ${furniture.jsonSha256}`, page.left, second, styles.foot)
    sheet.line(furniture.notice, page.left, second, styles.foot, right)
    pdf.endMarkedContent()
  }
}
