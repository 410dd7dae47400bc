import { assertNever } from '../../../shared/assertNever'
import { boxCentre } from '../../../shared/geometry/shapes'
import type { Geometry, Point } from '../../../shared/review/region'

/** CSS pixels. A dark halo under a bright core keeps 3:1 on any tissue. */
const coreWidth = 2
const haloWidth = 4.5
const haloColour = 'rgba(0, 0, 0, 0.62)'
export const selectionColour = '#6ea8fe'

type Context = CanvasRenderingContext2D

/** Adds the closed outline in image coordinates; a point adds nothing, it is drawn as a mark. */
export function traceGeometry(path: Path2D, geometry: Geometry): void {
  switch (geometry.kind) {
    case 'point':
      return
    case 'rectangle':
      path.rect(geometry.x, geometry.y, geometry.width, geometry.height)
      return
    case 'ellipse': {
      const { x, y } = boxCentre(geometry)
      path.moveTo(x + geometry.width / 2, y)
      path.ellipse(x, y, geometry.width / 2, geometry.height / 2, 0, 0, 2 * Math.PI)
      path.closePath()
      return
    }
    case 'polygon':
    case 'freehand':
      traceLine(path, geometry.points)
      path.closePath()
      return
    default:
      assertNever(geometry)
  }
}

export function traceLine(path: Path2D, points: readonly Point[]): void {
  points.forEach(({ x, y }, index) => {
    if (index === 0) path.moveTo(x, y)
    else path.lineTo(x, y)
  })
}

/*
 * Paths are given in image coordinates, under a context scaled by `scale`; lines have a constant
 * width on the screen. Mitred joins keep a rectangle's corners sharp and cost the least.
 */

export function strokeHalo(context: Context, path: Path2D, scale: number): void {
  stroke(context, path, haloWidth / scale, haloColour, [])
}

export function strokeCore(
  context: Context,
  path: Path2D,
  colour: string,
  scale: number,
  dash: readonly number[] = [],
): void {
  const lengths = dash.map((length) => length / scale)
  stroke(context, path, coreWidth / scale, colour, lengths)
}

/** Halo and core. */
export function strokeDouble(
  context: Context,
  path: Path2D,
  colour: string,
  scale: number,
  dash: readonly number[] = [],
): void {
  strokeHalo(context, path, scale)
  strokeCore(context, path, colour, scale, dash)
}

function stroke(
  context: Context,
  path: Path2D,
  width: number,
  style: string,
  dash: readonly number[],
): void {
  context.lineJoin = 'miter'
  context.miterLimit = 3
  context.lineCap = 'butt'
  context.setLineDash([...dash])
  context.lineWidth = width
  context.strokeStyle = style
  context.stroke(path)
  context.setLineDash([])
}

/** The selected region's dashed halo, to lie under its own strokes. */
export function strokeSelection(context: Context, path: Path2D, scale: number): void {
  stroke(context, path, 10 / scale, 'rgba(0, 0, 0, 0.35)', [])
  stroke(context, path, 9 / scale, selectionColour, [7 / scale, 5 / scale])
}

/** A point region: a ring with a dot, the same size at every zoom. View coordinates. */
export function drawPointMark(
  context: Context,
  at: Point,
  colour: string,
  selected: boolean,
): void {
  const ring = (radius: number, width: number, style: string) => {
    context.beginPath()
    context.arc(at.x, at.y, radius, 0, 2 * Math.PI)
    context.lineWidth = width
    context.strokeStyle = style
    context.stroke()
  }
  if (selected) {
    context.setLineDash([4, 3])
    ring(12, 3, selectionColour)
    context.setLineDash([])
  }
  ring(7, haloWidth, haloColour)
  ring(7, coreWidth, colour)
  context.beginPath()
  context.arc(at.x, at.y, 3, 0, 2 * Math.PI)
  context.fillStyle = haloColour
  context.fill()
  context.beginPath()
  context.arc(at.x, at.y, 1.75, 0, 2 * Math.PI)
  context.fillStyle = colour
  context.fill()
}

/** Stands for a region too small to be seen as itself. View coordinates. */
export function drawSmallMark(context: Context, at: Point, colour: string): void {
  context.lineWidth = 1.5
  context.strokeStyle = haloColour
  context.fillStyle = colour
  context.beginPath()
  context.rect(at.x - 4, at.y - 4, 8, 8)
  context.fill()
  context.stroke()
}
