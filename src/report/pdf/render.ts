import { assertNever } from '../../shared/assertNever'
import type { Block, FigureBlock, ReportDocument } from '../document/blocks'
import { drawFigure, type FigurePictures } from './figure'
import type { ReportFonts } from './fonts'
import { drawFurniture, type Furniture } from './furniture'
import { createSheet, type Sheet } from './sheet'
import { drawTable } from './table'
import {
  drawCode,
  drawCover,
  drawFields,
  drawHeading,
  drawNotice,
  drawParagraph,
  drawSignature,
} from './textBlocks'

export interface RenderOptions {
  readonly document: ReportDocument
  readonly fonts: ReportFonts
  readonly author: string
  /** Program and version. */
  readonly creator: string
  /** Written into the PDF instead of the clock's time: the same report has the same bytes. */
  readonly createdAt: Date
  readonly furniture: Furniture
  readonly loadFigure: (figure: FigureBlock) => Promise<FigurePictures>
  /** Called before each figure with the number of figures done and in all. */
  readonly onFigure: (done: number, total: number) => void
}

export interface RenderedPdf {
  readonly bytes: Uint8Array
  readonly pages: number
}

/** Draws a document as a tagged A4 PDF; deterministic. */
export async function renderPdf(options: RenderOptions): Promise<RenderedPdf> {
  const { document, fonts, author, creator, createdAt } = options
  const sheet = createSheet(fonts, { title: document.title, author, creator, createdAt })
  const bytes = collect(sheet)
  const figures = document.blocks.filter((block) => block.kind === 'figure').length
  let done = 0
  for (const block of document.blocks) {
    if (block.kind === 'figure') {
      options.onFigure(done, figures)
      drawFigure(sheet, block, await options.loadFigure(block))
      done += 1
    } else {
      drawBlock(sheet, block)
    }
  }
  options.onFigure(done, figures)
  if (sheet.missing.size > 0) drawParagraph(sheet, missingText(sheet.missing), 'quiet')
  drawFurniture(sheet, options.furniture)
  const pages = sheet.pdf.bufferedPageRange().count
  sheet.finish()
  return { bytes: await bytes, pages }
}

function collect({ pdf }: Sheet): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = []
    pdf.on('data', (chunk: Uint8Array) => chunks.push(chunk))
    pdf.on('end', () => resolve(Buffer.concat(chunks)))
    pdf.on('error', reject)
  })
}

function missingText(missing: ReadonlySet<number>): string {
  const listed = [...missing]
    .toSorted((a, b) => a - b)
    .slice(0, 40)
    .map((codePoint) => `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`)
  const more = missing.size > listed.length ? ` and ${missing.size - listed.length} more` : ''
  return (
    `Characters that the font of this report lacks are shown as □: ${listed.join(', ')}${more}. ` +
    'The JSON beside it holds every text as it was written.'
  )
}

function drawBlock(sheet: Sheet, block: Exclude<Block, FigureBlock>): void {
  switch (block.kind) {
    case 'cover':
      return drawCover(sheet, block)
    case 'heading':
      return drawHeading(sheet, block)
    case 'fields':
      return drawFields(sheet, block.rows)
    case 'paragraph':
      return drawParagraph(sheet, block.text, block.tone)
    case 'notice':
      return drawNotice(sheet, block.text)
    case 'code':
      return drawCode(sheet, block.text)
    case 'signature':
      return drawSignature(sheet, block.name, block.meaning)
    case 'table':
      return drawTable(sheet, block)
    default:
      return assertNever(block)
  }
}
