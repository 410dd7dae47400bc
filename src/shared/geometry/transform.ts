import type { Geometry, Point } from '../review/region'
import { bounds } from './bounds'
import { isOutline, nearestOnSegment, distance, type Box, type Size } from './shapes'

/** Moved by (dx, dy) image pixels. */
export function translate(geometry: Geometry, dx: number, dy: number): Geometry {
  if (isOutline(geometry)) {
    return { ...geometry, points: geometry.points.map(({ x, y }) => ({ x: x + dx, y: y + dy })) }
  }
  return { ...geometry, x: geometry.x + dx, y: geometry.y + dy }
}

/** Moved by (dx, dy), but no farther than the image's borders; what is larger stays where it is. */
export function translateWithin(geometry: Geometry, dx: number, dy: number, image: Size): Geometry {
  const box = bounds(geometry)
  const along = (step: number, start: number, length: number, limit: number) =>
    Math.max(Math.min(0, -start), Math.min(Math.max(0, limit - start - length), step))
  return translate(
    geometry,
    along(dx, box.x, box.width, image.width),
    along(dy, box.y, box.height, image.height),
  )
}

/** Stretched and moved so that it fills `target`; a side without length is moved only. */
export function resizeTo(geometry: Geometry, target: Box): Geometry {
  if (geometry.kind === 'point') return { ...geometry, x: target.x, y: target.y }
  if (!isOutline(geometry)) return { ...geometry, ...target }
  const from = bounds(geometry)
  const scaleX = from.width === 0 ? 1 : target.width / from.width
  const scaleY = from.height === 0 ? 1 : target.height / from.height
  return {
    ...geometry,
    points: geometry.points.map(({ x, y }) => ({
      x: target.x + (x - from.x) * scaleX,
      y: target.y + (y - from.y) * scaleY,
    })),
  }
}

/** A box's handles: compass directions, as their cursors are named. */
export const handles = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w'] as const
export type Handle = (typeof handles)[number]

export function handlePosition(box: Box, handle: Handle): Point {
  const along = (low: string, high: string) =>
    handle.includes(low) ? 0 : handle.includes(high) ? 1 : 0.5
  return { x: box.x + along('w', 'e') * box.width, y: box.y + along('n', 's') * box.height }
}

/**
 * The box after one of its handles was dragged to `to`. The opposite side stays; dragging
 * beyond it turns the box over. `proportional` keeps the ratio of the sides (corners only).
 */
export function dragHandle(box: Box, handle: Handle, to: Point, proportional = false): Box {
  const moves = { x: /[ew]/.test(handle), y: /[ns]/.test(handle) }
  const fixed = {
    x: handle.includes('w') ? box.x + box.width : box.x,
    y: handle.includes('n') ? box.y + box.height : box.y,
  }
  const ratio = box.height === 0 ? 0 : box.width / box.height
  const corner = proportional && moves.x && moves.y && ratio > 0 ? keepRatio(fixed, to, ratio) : to
  const other = {
    x: moves.x ? corner.x : box.x + box.width,
    y: moves.y ? corner.y : box.y + box.height,
  }
  return {
    x: Math.min(fixed.x, other.x),
    y: Math.min(fixed.y, other.y),
    width: Math.abs(other.x - fixed.x),
    height: Math.abs(other.y - fixed.y),
  }
}

/** The corner in the direction of `to` for which width = ratio · height, as large as `to` reaches. */
export function keepRatio(fixed: Point, to: Point, ratio: number): Point {
  const dx = to.x - fixed.x
  const dy = to.y - fixed.y
  const height = Math.max(Math.abs(dx) / ratio, Math.abs(dy))
  return {
    x: fixed.x + (dx < 0 ? -1 : 1) * height * ratio,
    y: fixed.y + (dy < 0 ? -1 : 1) * height,
  }
}

/** Shift on a drag from `from`: the corner of a square. */
export function constrainToSquare(from: Point, to: Point): Point {
  return keepRatio(from, to, 1)
}

/** Shift on a line from `from`: the nearest direction in steps of 45°. */
export function constrainToAxis(from: Point, to: Point): Point {
  const dx = to.x - from.x
  const dy = to.y - from.y
  if (Math.abs(dx) > 2.414 * Math.abs(dy)) return { x: to.x, y: from.y }
  if (Math.abs(dy) > 2.414 * Math.abs(dx)) return { x: from.x, y: to.y }
  const length = (Math.abs(dx) + Math.abs(dy)) / 2
  return { x: from.x + Math.sign(dx) * length, y: from.y + Math.sign(dy) * length }
}

/** Vertex `index` of an outline at `to`; other geometries are returned as they are. */
export function moveVertex(geometry: Geometry, index: number, to: Point): Geometry {
  if (!isOutline(geometry) || index < 0 || index >= geometry.points.length) return geometry
  return { ...geometry, points: geometry.points.with(index, to) }
}

/** A new vertex before `index` (the length appends). */
export function insertVertex(geometry: Geometry, index: number, at: Point): Geometry {
  if (!isOutline(geometry)) return geometry
  return { ...geometry, points: geometry.points.toSpliced(index, 0, at) }
}

/** Without vertex `index`; an outline keeps at least three, so a triangle stays as it is. */
export function deleteVertex(geometry: Geometry, index: number): Geometry {
  if (!isOutline(geometry) || geometry.points.length <= 3 || index < 0) return geometry
  return { ...geometry, points: geometry.points.toSpliced(index, 1) }
}

/** The edge nearest to the point: where on it, and the index at which a vertex there belongs. */
export function nearestEdge(points: readonly Point[], point: Point) {
  let best = { index: 0, at: point, distance: Number.POSITIVE_INFINITY }
  points.forEach((vertex, index) => {
    const next = points[(index + 1) % points.length] ?? vertex
    const at = nearestOnSegment(point, vertex, next)
    const away = distance(at, point)
    if (away < best.distance) best = { index: index + 1, at, distance: away }
  })
  return best
}

/** A geometry too small to be meant: less than one pixel of area, in image pixels. */
export function isDegenerate(geometry: Geometry): boolean {
  if (geometry.kind === 'point') return false
  const box = bounds(geometry)
  return box.width < 1 || box.height < 1
}

/** As fine as a stored coordinate needs to be: hundredths of a pixel. */
export function toHundredths({ x, y }: Point): Point {
  return { x: Math.round(x * 100) / 100, y: Math.round(y * 100) / 100 }
}

/** Corners of boxes lie on whole pixels: nobody means a fraction. */
export function toWholePixels({ x, y }: Point): Point {
  return { x: Math.round(x), y: Math.round(y) }
}
