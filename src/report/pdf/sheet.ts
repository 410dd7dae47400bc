import PDFDocument from 'pdfkit'
import { breakLines, shortened } from './lines'
import { printable } from './printable'
import type { ReportFonts } from './fonts'
import { colours, contentWidth, page, type TextStyle } from './theme'

export type Pdf = PDFKit.PDFDocument

/** Structure types of tagged PDF that a report uses. */
export type Tag = 'H1' | 'H2' | 'P' | 'Code' | 'Figure' | 'TH' | 'TD'

/**
 * Pages with a cursor that moves down. Lengths are points, from the upper left corner; text is
 * broken here and never by pdfkit, so that nothing is cut or drawn twice over.
 */
export interface Sheet {
  readonly pdf: Pdf
  y: number
  /** What the running head of the following pages says; the page in hand keeps its own. */
  section: string
  /** The section of every page so far. */
  readonly sections: readonly string[]
  /** Characters that the font lacks, in order of appearance. */
  readonly missing: ReadonlySet<number>
  /** Points left above the footer. */
  room(): number
  newPage(): void
  /** Starts a page when less than `height` is left. */
  ensure(height: number): void
  wrap(text: string, width: number, style: TextStyle): readonly string[]
  shorten(text: string, width: number, style: TextStyle): string
  /** One line, whose box begins at `top`; right-aligned text ends at `x + width`. */
  line(text: string, x: number, top: number, style: TextStyle, right?: { width: number }): void
  /** Of one line, in points, as it is drawn. */
  widthOf(text: string, style: TextStyle): number
  rule(x: number, y: number, width: number, colour?: string): void
  /** Draws within one structure element on this page. */
  tagged(tag: Tag, draw: () => void, options?: { alt?: string }): void
  /** Draws what a screen reader passes over. */
  artifact(draw: () => void): void
  /** Groups the tagged elements that are drawn meanwhile. */
  group(tag: 'Table' | 'TR', draw: () => void): void
  finish(): void
}

export interface SheetOptions {
  readonly title: string
  readonly author: string
  readonly creator: string
  readonly createdAt: Date
}

export function createSheet(fonts: ReportFonts, options: SheetOptions): Sheet {
  const clean = (text: string) => printable(text, fonts.has).text.replaceAll('\n', ' ')
  const pdf = new PDFDocument({
    size: 'A4',
    margin: 0,
    autoFirstPage: false,
    bufferPages: true,
    pdfVersion: '1.7',
    tagged: true,
    lang: 'en-GB',
    displayTitle: true,
    info: {
      Title: clean(options.title),
      Author: clean(options.author),
      Creator: options.creator,
      Producer: options.creator,
      CreationDate: options.createdAt,
      ModDate: options.createdAt,
    },
    // pdfkit would load Helvetica otherwise; the report has one family only.
    font: fonts.paths.regular,
  })
  const root = pdf.struct('Document')
  pdf.addStructure(root)
  let parent = root
  const missing = new Set<number>()
  const sections: string[] = []
  const advances = new Map<string, number>()

  const print = (text: string) => {
    const result = printable(text, fonts.has)
    for (const codePoint of result.missing) missing.add(codePoint)
    return result.text
  }
  // By path, not by registered name: pdfkit would open the first weight again at every call.
  const use = (style: TextStyle) => pdf.font(fonts.paths[style.weight], style.size)
  const advanceOf = (style: TextStyle) => (character: string) => {
    const key = `${style.weight}${style.size}${character}`
    const known = advances.get(key)
    if (known !== undefined) return known
    const width = use(style).widthOfString(character)
    advances.set(key, width)
    return width
  }

  const sheet: Sheet = {
    pdf,
    y: page.top,
    section: '',
    sections,
    missing,
    room: () => page.bottom - sheet.y,
    newPage() {
      pdf.addPage()
      sections.push(sheet.section)
      sheet.y = page.top
    },
    ensure(height) {
      if (sheet.room() < height) sheet.newPage()
    },
    wrap: (text, width, style) => breakLines(print(text), width, advanceOf(style)),
    shorten: (text, width, style) =>
      shortened(print(text).replaceAll('\n', ' '), width, advanceOf(style)),
    line(text, x, top, style, right) {
      if (text === '') return
      use(style).fillColor(style.colour)
      const start = right ? x + right.width - pdf.widthOfString(text) : x
      const baseline = top + style.leading / 2 + style.size * 0.36
      pdf.text(text, start, baseline, { lineBreak: false, baseline: 'alphabetic' })
    },
    widthOf: (text, style) => use(style).widthOfString(text),
    rule(x, y, width, colour = colours.hairline) {
      pdf
        .moveTo(x, y)
        .lineTo(x + width, y)
        .lineWidth(0.5)
        .strokeColor(colour)
        .stroke()
    },
    tagged(tag, draw, elementOptions = {}) {
      const content = pdf.markStructureContent(tag)
      draw()
      pdf.endMarkedContent()
      parent.add(pdf.struct(tag, elementOptions, [content]))
    },
    artifact(draw) {
      pdf.markContent('Artifact', { type: 'Layout' })
      draw()
      pdf.endMarkedContent()
    },
    group(tag, draw) {
      const outer = parent
      const element = pdf.struct(tag)
      outer.add(element)
      parent = element
      draw()
      element.end()
      parent = outer
    },
    finish: () => {
      root.end()
      pdf.end()
    },
  }
  sheet.newPage()
  return sheet
}

/** A hairline over the whole width, as an artifact. */
export function ruleAcross(sheet: Sheet): void {
  sheet.artifact(() => sheet.rule(page.left, sheet.y, contentWidth))
}
