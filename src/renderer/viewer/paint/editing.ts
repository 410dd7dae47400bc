import type { Box } from '../../../shared/geometry/shapes'
import type { Geometry, Point } from '../../../shared/review/region'
import { boxGeometry } from '../gestures/drawBox'
import type { Draft } from '../gestures/drawing'
import { sameGrip, type Grip } from '../gestures/editing'
import { toView, type ViewTransform } from '../view/transform'
import { drawTag } from './labels'
import { drawPointMark, selectionColour, strokeDouble, traceGeometry, traceLine } from './outline'

type Context = CanvasRenderingContext2D

function inImage(context: Context, view: ViewTransform, draw: () => void): void {
  context.save()
  context.translate(view.x, view.y)
  context.scale(view.scale, view.scale)
  draw()
  context.restore()
}

/** The geometry under the reviewer's hands. */
export function drawGeometry(
  context: Context,
  geometry: Geometry,
  colour: string,
  view: ViewTransform,
): void {
  if (geometry.kind === 'point') {
    drawPointMark(context, toView(view, geometry), colour, true)
    return
  }
  const path = new Path2D()
  traceGeometry(path, geometry)
  inImage(context, view, () => strokeDouble(context, path, colour, view.scale))
}

export function drawDraft(
  context: Context,
  draft: Draft,
  colour: string,
  view: ViewTransform,
): void {
  switch (draft.tool) {
    case 'point':
      drawPointMark(context, toView(view, draft.at), colour, false)
      return
    case 'rectangle':
    case 'ellipse':
      drawGeometry(context, boxGeometry(draft), colour, view)
      for (const corner of [draft.from, draft.to]) drawDot(context, toView(view, corner), 3)
      return
    case 'freehand': {
      const path = new Path2D()
      traceLine(path, draft.points)
      inImage(context, view, () => strokeDouble(context, path, colour, view.scale))
      return
    }
    case 'polygon': {
      const drawn = new Path2D()
      traceLine(drawn, draft.points)
      const next = new Path2D()
      traceLine(next, [...draft.points.slice(-1), draft.cursor, ...draft.points.slice(0, 1)])
      inImage(context, view, () => {
        strokeDouble(context, next, colour, view.scale, [5, 5])
        strokeDouble(context, drawn, colour, view.scale)
      })
      draft.points.forEach((point, index) => {
        drawDot(context, toView(view, point), index === 0 && draft.points.length >= 3 ? 6 : 4)
      })
    }
  }
}

function drawDot(context: Context, at: Point, radius: number): void {
  context.beginPath()
  context.arc(at.x, at.y, radius, 0, 2 * Math.PI)
  context.fillStyle = '#ffffff'
  context.fill()
  context.lineWidth = 1.5
  context.strokeStyle = 'rgba(0, 0, 0, 0.75)'
  context.stroke()
}

/** Squares for a box's handles, circles for vertices, small pale circles for middles of edges. */
export function drawGrips(
  context: Context,
  grips: readonly Grip[],
  view: ViewTransform,
  chosen: Grip | null,
): void {
  // Vertices last: they lie on top, as they are found first.
  for (const grip of [...grips].reverse()) {
    const at = toView(view, grip.at)
    const isChosen = chosen !== null && sameGrip(grip, chosen)
    context.beginPath()
    if (grip.kind === 'handle') context.rect(at.x - 5, at.y - 5, 10, 10)
    else context.arc(at.x, at.y, grip.kind === 'middle' ? 3.5 : 5.5, 0, 2 * Math.PI)
    context.fillStyle = isChosen ? selectionColour : '#ffffff'
    context.globalAlpha = grip.kind === 'middle' ? 0.75 : 1
    context.fill()
    context.lineWidth = 1.5
    context.strokeStyle = isChosen ? '#ffffff' : '#15428c'
    context.stroke()
    context.globalAlpha = 1
  }
}

/** The keyboard's pointer. */
export function drawCrosshair(context: Context, point: Point, view: ViewTransform): void {
  const at = toView(view, point)
  const lines = () => {
    context.beginPath()
    for (const [dx, dy] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ] as const) {
      context.moveTo(at.x + 4 * dx, at.y + 4 * dy)
      context.lineTo(at.x + 18 * dx, at.y + 18 * dy)
    }
    context.stroke()
  }
  context.lineCap = 'round'
  context.lineWidth = 5
  context.strokeStyle = 'rgba(0, 0, 0, 0.7)'
  lines()
  context.lineWidth = 2
  context.strokeStyle = '#ffffff'
  lines()
  drawDot(context, at, 2)
}

/** The tile that a click would explain. */
export function drawAimedTile(context: Context, tile: Box, view: ViewTransform): void {
  const path = new Path2D()
  path.rect(tile.x, tile.y, tile.width, tile.height)
  inImage(context, view, () => {
    context.fillStyle = 'rgba(110, 168, 254, 0.18)'
    context.fillRect(tile.x, tile.y, tile.width, tile.height)
    strokeDouble(context, path, selectionColour, view.scale)
  })
}

/** The explained tile, and below it what it is. */
export function drawTile(context: Context, tile: Box, view: ViewTransform, words: string): void {
  const path = new Path2D()
  path.rect(tile.x, tile.y, tile.width, tile.height)
  inImage(context, view, () => strokeDouble(context, path, '#ffffff', view.scale, [8, 5]))
  const corner = toView(view, { x: tile.x, y: tile.y + tile.height })
  drawTag(context, { x: corner.x - 2, y: corner.y + 6 }, words, '#ffffff', false)
}
