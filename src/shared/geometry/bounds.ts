import type { Geometry, Point } from '../review/region'
import { isOutline, type Box, type Size } from './shapes'

/** The smallest box around the points; an empty box at (0, 0) for none. */
export function boundsOfPoints(points: readonly Point[]): Box {
  const first = points[0]
  if (!first) return { x: 0, y: 0, width: 0, height: 0 }
  let { x: left, y: top } = first
  let { x: right, y: bottom } = first
  for (const { x, y } of points) {
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
  }
  return { x: left, y: top, width: right - left, height: bottom - top }
}

/** The smallest box around the geometry, in image pixels. */
export function bounds(geometry: Geometry): Box {
  if (isOutline(geometry)) return boundsOfPoints(geometry.points)
  if (geometry.kind === 'point') return { x: geometry.x, y: geometry.y, width: 0, height: 0 }
  const { x, y, width, height } = geometry
  return { x, y, width, height }
}

export function clampPoint(point: Point, image: Size): Point {
  return {
    x: Math.min(image.width, Math.max(0, point.x)),
    y: Math.min(image.height, Math.max(0, point.y)),
  }
}

/** The part of the box inside the image; without area where they do not meet. */
export function clampBox(box: Box, image: Size): Box {
  const from = clampPoint(box, image)
  const to = clampPoint({ x: box.x + box.width, y: box.y + box.height }, image)
  return { x: from.x, y: from.y, width: to.x - from.x, height: to.y - from.y }
}

/**
 * Cuts the geometry off at the image's borders. Boxes are cut as boxes: an ellipse becomes
 * the ellipse of the cut box. Each vertex of an outline is moved to the border by itself.
 */
export function clampToImage(geometry: Geometry, image: Size): Geometry {
  if (geometry.kind === 'point') return { ...geometry, ...clampPoint(geometry, image) }
  if (isOutline(geometry)) {
    return { ...geometry, points: geometry.points.map((point) => clampPoint(point, image)) }
  }
  return { ...geometry, ...clampBox(geometry, image) }
}

export function boxesMeet(a: Box, b: Box): boolean {
  return (
    a.x <= b.x + b.width && b.x <= a.x + a.width && a.y <= b.y + b.height && b.y <= a.y + a.height
  )
}
