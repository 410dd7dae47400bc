import type { Outline } from '../document/blocks'
import type { Point } from '../../shared/review/region'
import type { Pdf, Sheet } from './sheet'
import { styles } from './theme'

/** Where an image lies on the page: image pixels to points. */
export interface Placement {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** Points per image pixel. */
  readonly scale: number
}

const halo = '#101114'
const tagRadius = 5.2

/**
 * Region outlines as vectors, stroked twice, a dark halo under the region's colour, so that they
 * stand out on any tissue; each with its number. Cut at the image's edge.
 */
export function drawOutlines(sheet: Sheet, outlines: readonly Outline[], at: Placement): void {
  const { pdf } = sheet
  pdf.save().rect(at.x, at.y, at.width, at.height).clip()
  pdf.lineJoin('round').lineCap('round')
  for (const outline of outlines) {
    pdf.lineWidth(2.8).strokeOpacity(0.85)
    trace(pdf, outline, at)
    pdf.stroke(halo)
    pdf.lineWidth(1.4).strokeOpacity(1)
    trace(pdf, outline, at)
    pdf.stroke(outline.colour)
  }
  pdf.restore()
  for (const outline of outlines) drawNumber(sheet, outline, at)
}

function onPage(point: Point, at: Placement): Point {
  return { x: at.x + point.x * at.scale, y: at.y + point.y * at.scale }
}

const pointRadius = 3.2

function trace(pdf: Pdf, { geometry }: Outline, at: Placement): void {
  switch (geometry.kind) {
    case 'point': {
      const { x, y } = onPage(geometry, at)
      pdf.circle(x, y, pointRadius)
      return
    }
    case 'rectangle': {
      const { x, y } = onPage(geometry, at)
      pdf.rect(x, y, geometry.width * at.scale, geometry.height * at.scale)
      return
    }
    case 'ellipse': {
      const { x, y } = onPage(geometry, at)
      const rx = (geometry.width / 2) * at.scale
      const ry = (geometry.height / 2) * at.scale
      pdf.ellipse(x + rx, y + ry, rx, ry)
      return
    }
    case 'polygon':
    case 'freehand': {
      const points = thinned(geometry.points.map((point) => onPage(point, at)))
      for (const [index, { x, y }] of points.entries()) {
        if (index === 0) pdf.moveTo(x, y)
        else pdf.lineTo(x, y)
      }
      pdf.closePath()
    }
  }
}

/** Leaves out points nearer than a quarter of a point (0.09 mm) to the one before. */
function thinned(points: readonly Point[]): readonly Point[] {
  const kept: Point[] = []
  for (const point of points) {
    const last = kept.at(-1)
    if (!last || Math.hypot(point.x - last.x, point.y - last.y) >= 0.25) kept.push(point)
  }
  return kept
}

/** Where a region's number hangs: at its upper left, in image pixels. */
function anchor({ geometry }: Outline): Point {
  switch (geometry.kind) {
    case 'point':
    case 'rectangle':
      return geometry
    case 'ellipse':
      // On the curve, at 225°.
      return {
        x: geometry.x + geometry.width * (0.5 - Math.SQRT1_2 / 2),
        y: geometry.y + geometry.height * (0.5 - Math.SQRT1_2 / 2),
      }
    case 'polygon':
    case 'freehand':
      return geometry.points.reduce((best, point) =>
        point.x + point.y < best.x + best.y ? point : best,
      )
  }
}

function drawNumber(sheet: Sheet, outline: Outline, at: Placement): void {
  const { pdf } = sheet
  const corner = onPage(anchor(outline), at)
  const text = String(outline.number)
  const style = styles.tag
  const width = sheet.widthOf(text, style)
  const half = Math.max(tagRadius, width / 2 + 3)
  const shift = outline.geometry.kind === 'point' ? tagRadius + pointRadius : 0
  const within = (value: number, low: number, high: number) =>
    Math.min(Math.max(value, low), Math.max(low, high))
  const x = within(corner.x + shift, at.x + half, at.x + at.width - half)
  const y = within(corner.y - shift, at.y + tagRadius, at.y + at.height - tagRadius)
  pdf
    .roundedRect(x - half, y - tagRadius, 2 * half, 2 * tagRadius, tagRadius)
    .lineWidth(1)
    .fillAndStroke(halo, outline.colour)
  sheet.line(text, x - width / 2, y - style.leading / 2, style)
}
