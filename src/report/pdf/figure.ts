import type { FigureBlock, FigureHeatmap } from '../document/blocks'
import type { HeatmapPictures } from '../figure/heatmap'
import type { Picture } from '../figure/picture'
import { drawOutlines, type Placement } from './outlines'
import type { Sheet } from './sheet'
import { drawParagraph } from './textBlocks'
import { colours, contentWidth, page, styles } from './theme'

export interface FigurePictures {
  readonly picture: Picture
  /** Null when the figure has no heatmap. */
  readonly heatmap: HeatmapPictures | null
}

const gap = 12
const caption = styles.quiet.leading + 2
const largestHeight = 400

interface Opened {
  readonly picture: PDFKit.OpenedImage | null
  readonly layer: PDFKit.OpenedImage | null
  readonly legend: PDFKit.OpenedImage | null
}

/**
 * With a heatmap three panels: large at the left the heatmap above the image with the numbered
 * regions, small at the right the image alone and the heatmap alone. Without one, the image.
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
  const sizes = showsHeatmap ? threePanels(figure) : onePanel(figure)
  sheet.y += 4
  sheet.ensure(sizes.height + (showsHeatmap ? 60 : 20))
  const top = sheet.y
  const hero = placed(figure, page.left, top, sizes.heroWidth)
  sheet.tagged(
    'Figure',
    () => {
      drawPicture(sheet, opened.picture, hero)
      if (figure.heatmap) drawLayer(sheet, opened.layer, figure.heatmap, hero, true)
      frame(sheet, hero)
      drawOutlines(sheet, figure.outlines, hero)
      if (showsHeatmap) drawSidePanels(sheet, figure, opened, hero, sizes.sideWidth)
    },
    { alt: figure.alt },
  )
  label(sheet, heroCaption(figure, showsHeatmap), hero)
  if (showsHeatmap) labelSidePanels(sheet, figure, hero, sizes.sideWidth)
  sheet.y = top + sizes.height + 6
  if (figure.heatmap && opened.legend) drawLegend(sheet, figure.heatmap, opened.legend, hero.width)
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
    legend: heatmap?.kind === 'shown' ? open(heatmap.legend) : null,
  }
}

function onePanel({ width, height }: FigureBlock) {
  const heroWidth = Math.min(320, (largestHeight * width) / height)
  return { heroWidth, sideWidth: 0, height: (heroWidth * height) / width + caption }
}

/**
 * The two small panels with their captions are together as high as the large one:
 * W/a + c = 2w/a + 2c + g and W + g + w = content, where a is the image's width over its height.
 */
function threePanels({ width, height }: FigureBlock) {
  const ratio = width / height
  const full = Math.max((contentWidth - gap - (caption + gap) * ratio) / 3, contentWidth / 4)
  const fullHero = contentWidth - gap - full
  const shrink = Math.min(1, largestHeight / (fullHero / ratio))
  const heroWidth = fullHero * shrink
  const sideWidth = full * shrink
  const heroHeight = heroWidth / ratio + caption
  const sideHeight = 2 * (sideWidth / ratio + caption) + gap
  return { heroWidth, sideWidth, height: Math.max(heroHeight, sideHeight) }
}

function placed(figure: FigureBlock, x: number, y: number, width: number): Placement {
  const scale = width / figure.width
  return { x, y, width, height: figure.height * scale, scale }
}

function sidePlacements(figure: FigureBlock, hero: Placement, width: number) {
  const x = hero.x + hero.width + gap
  const upper = placed(figure, x, hero.y, width)
  return { upper, lower: placed(figure, x, hero.y + upper.height + caption + gap, width) }
}

function drawSidePanels(
  sheet: Sheet,
  figure: FigureBlock,
  opened: Opened,
  hero: Placement,
  width: number,
): void {
  const { upper, lower } = sidePlacements(figure, hero, width)
  drawPicture(sheet, opened.picture, upper)
  frame(sheet, upper)
  if (figure.heatmap) drawLayer(sheet, opened.layer, figure.heatmap, lower, false)
  frame(sheet, lower)
}

function labelSidePanels(sheet: Sheet, figure: FigureBlock, hero: Placement, width: number): void {
  const { upper, lower } = sidePlacements(figure, hero, width)
  label(sheet, 'Image', upper)
  label(sheet, 'Heatmap alone', lower)
}

function drawPicture(sheet: Sheet, image: PDFKit.OpenedImage | null, at: Placement): void {
  if (image) sheet.pdf.image(image, at.x, at.y, { width: at.width, height: at.height })
  else sheet.pdf.rect(at.x, at.y, at.width, at.height).fill(colours.faint)
}

/** @param above with the opacity that the reviewer chose; alone it is fully opaque */
function drawLayer(
  sheet: Sheet,
  layer: PDFKit.OpenedImage | null,
  { region, view }: FigureHeatmap,
  at: Placement,
  above: boolean,
): void {
  if (!layer) return
  const { pdf } = sheet
  pdf.save().rect(at.x, at.y, at.width, at.height).clip()
  pdf.opacity(above ? view.opacity : 1)
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
