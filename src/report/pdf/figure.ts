import type { FigureBlock, FigureHeatmap } from '../document/blocks'
import type { HeatmapPictures } from '../figure/heatmap'
import type { Picture } from '../figure/picture'
import { drawOutlines, type Placement } from './outlines'
import type { Sheet } from './sheet'
import { drawParagraph } from './textBlocks'
import { layPanels } from './panels'
import { colours, page, styles } from './theme'

export interface FigurePictures {
  readonly picture: Picture
  /** Null when the figure has no heatmap. */
  readonly heatmap: HeatmapPictures | null
}

interface Opened {
  readonly picture: PDFKit.OpenedImage | null
  readonly layer: PDFKit.OpenedImage | null
  readonly alone: PDFKit.OpenedImage | null
  readonly legend: PDFKit.OpenedImage | null
}

/**
 * With a heatmap three panels: large the heatmap over the image with the numbered regions, small the
 * image alone and the heatmap alone. Without one, the image.
 */
export function drawFigure(sheet: Sheet, figure: FigureBlock, pictures: FigurePictures): void {
  const { picture, heatmap } = pictures
  const opened = openAll(sheet, pictures)
  const reasons = [picture, heatmap].flatMap((part) =>
    part?.kind === 'left-out' ? [part.reason] : [],
  )
  if (picture.kind === 'shown' && !opened.picture) {
    reasons.push('The image file could not be embedded; it is not shown.')
  }
  const showsHeatmap = opened.layer !== null && figure.heatmap !== null
  sheet.y += 4
  sheet.ensure(layPanels(figure, 0, showsHeatmap).height + (showsHeatmap ? 60 : 20))
  const { hero, sides, height } = layPanels(figure, sheet.y, showsHeatmap)
  sheet.tagged(
    'Figure',
    () => {
      drawPicture(sheet, opened.picture, hero)
      if (figure.heatmap)
        drawLayer(sheet, opened.layer, figure.heatmap, hero, figure.heatmap.view.opacity)
      frame(sheet, hero)
      drawOutlines(sheet, figure.outlines, hero)
      if (sides && figure.heatmap) {
        drawPicture(sheet, opened.picture, sides[0])
        frame(sheet, sides[0])
        drawLayer(sheet, opened.alone, figure.heatmap, sides[1], 1)
        frame(sheet, sides[1])
      }
    },
    { alt: figure.alt },
  )
  label(sheet, heroCaption(figure, showsHeatmap), hero)
  if (sides) {
    label(sheet, 'Image', sides[0])
    label(sheet, 'Heatmap alone', sides[1])
  }
  sheet.y += height + 6
  if (figure.heatmap && opened.legend) {
    drawLegend(sheet, figure.heatmap, opened.legend, Math.min(hero.width, 340))
  }
  for (const reason of reasons) drawParagraph(sheet, reason, 'quiet')
}

function heroCaption(figure: FigureBlock, showsHeatmap: boolean): string {
  const size = `${figure.width} × ${figure.height} px`
  const what = showsHeatmap ? `Heatmap over the image, ${size}` : `Image, ${size}`
  return figure.outlines.length > 0 ? `${what}, regions numbered` : what
}

function openAll(sheet: Sheet, { picture, heatmap }: FigurePictures): Opened {
  const open = (bytes: Uint8Array) => {
    try {
      return sheet.pdf.openImage(bytes)
    } catch {
      // pdfkit throws strings and errors alike at headers it does not understand.
      return null
    }
  }
  return {
    picture: picture.kind === 'shown' ? open(picture.bytes) : null,
    layer: heatmap?.kind === 'shown' ? open(heatmap.layer) : null,
    alone: heatmap?.kind === 'shown' ? open(heatmap.alone) : null,
    legend: heatmap?.kind === 'shown' ? open(heatmap.legend) : null,
  }
}

/** Points. */
const hair = 0.4

function drawPicture(sheet: Sheet, image: PDFKit.OpenedImage | null, at: Placement): void {
  if (image) sheet.pdf.image(image, at.x, at.y, { width: at.width, height: at.height })
  else sheet.pdf.rect(at.x, at.y, at.width, at.height).fill(colours.faint)
}

function drawLayer(
  sheet: Sheet,
  layer: PDFKit.OpenedImage | null,
  { region }: FigureHeatmap,
  at: Placement,
  opacity: number,
): void {
  if (!layer) return
  const { pdf } = sheet
  // Some viewers smear the mask of a transparent image over its edge.
  pdf
    .save()
    .rect(at.x + hair, at.y + hair, at.width - 2 * hair, at.height - 2 * hair)
    .clip()
  pdf.opacity(opacity)
  pdf.image(layer, at.x + region.x * at.scale, at.y + region.y * at.scale, {
    width: region.width * at.scale,
    height: region.height * at.scale,
  })
  pdf.restore()
  const covers = region.width * at.scale >= at.width && region.height * at.scale >= at.height
  if (!covers) drawCoverage(sheet, region, at)
}

/** Where the explanation ends when it does not cover the image: a tile, or all whole tiles. */
function drawCoverage(sheet: Sheet, region: FigureHeatmap['region'], at: Placement): void {
  const { pdf } = sheet
  pdf.save().lineWidth(0.7).dash(3, { space: 2 }).strokeColor(colours.ink)
  pdf.rect(
    at.x + region.x * at.scale,
    at.y + region.y * at.scale,
    region.width * at.scale,
    region.height * at.scale,
  )
  pdf.stroke().restore()
}

function frame(sheet: Sheet, at: Placement): void {
  sheet.pdf
    .rect(at.x, at.y, at.width, at.height)
    .lineWidth(0.5)
    .strokeColor(colours.hairline)
    .stroke()
}

function label(sheet: Sheet, text: string, at: Placement): void {
  sheet.tagged('P', () => {
    const line = sheet.shorten(text, at.width, styles.quiet)
    sheet.line(line, at.x, at.y + at.height + 2, styles.quiet)
  })
}

const barHeight = 7

function drawLegend(
  sheet: Sheet,
  heatmap: FigureHeatmap,
  legend: PDFKit.OpenedImage,
  width: number,
): void {
  const { pdf } = sheet
  const x = page.left
  const barWidth = Math.max(width, 220)
  const words = (text: string) => sheet.wrap(text, barWidth / 2 - 6, styles.quiet)
  const left = words(heatmap.against)
  const right = words(heatmap.for)
  const rows = Math.max(left.length, right.length)
  sheet.ensure(barHeight + (rows + 1) * styles.quiet.leading + 8)
  const top = sheet.y
  sheet.artifact(() => {
    pdf.image(legend, x, top, { width: barWidth, height: barHeight })
    pdf.rect(x, top, barWidth, barHeight).lineWidth(0.5).strokeColor(colours.hairline).stroke()
  })
  const numbers = top + barHeight + 2
  const below = numbers + styles.quiet.leading
  sheet.tagged('P', () => {
    const [low, high] = heatmap.ends
    sheet.line(low, x, numbers, { ...styles.quiet, colour: colours.ink })
    sheet.line('0', x, numbers, styles.quiet, { width: barWidth / 2 + 2 })
    sheet.line(high, x, numbers, { ...styles.quiet, colour: colours.ink }, { width: barWidth })
    for (const [index, line] of left.entries()) {
      sheet.line(line, x, below + index * styles.quiet.leading, styles.quiet)
    }
    for (const [index, line] of right.entries()) {
      const y = below + index * styles.quiet.leading
      sheet.line(line, x, y, styles.quiet, { width: barWidth })
    }
  })
  sheet.y = below + rows * styles.quiet.leading + 3
  drawParagraph(sheet, heatmap.note, 'quiet')
}
