import { assertNever } from '../assertNever'
import type { Geometry, Point } from '../review/region'

/** Image pixels; width and height are never negative. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Size {
  readonly width: number
  readonly height: number
}

export type BoxGeometry = Extract<Geometry, Box>
export type OutlineGeometry = Extract<Geometry, { points: Point[] }>

export function isBox(geometry: Geometry): geometry is BoxGeometry {
  return geometry.kind === 'rectangle' || geometry.kind === 'ellipse'
}

export function isOutline(geometry: Geometry): geometry is OutlineGeometry {
  return geometry.kind === 'polygon' || geometry.kind === 'freehand'
}

/** The box between two opposite corners, in any order. */
export function boxBetween(a: Point, b: Point): Box {
  return {
    x: Math.min(a.x, b.x),
    y: Math.min(a.y, b.y),
    width: Math.abs(a.x - b.x),
    height: Math.abs(a.y - b.y),
  }
}

export function boxCentre(box: Box): Point {
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

export function boxCorners(box: Box): Point[] {
  const right = box.x + box.width
  const bottom = box.y + box.height
  return [
    { x: box.x, y: box.y },
    { x: right, y: box.y },
    { x: right, y: bottom },
    { x: box.x, y: bottom },
  ]
}

export function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

/** The nearest point on the segment from `a` to `b`. */
export function nearestOnSegment(point: Point, a: Point, b: Point): Point {
  const dx = b.x - a.x
  const dy = b.y - a.y
  const length2 = dx * dx + dy * dy
  if (length2 === 0) return a
  const share = ((point.x - a.x) * dx + (point.y - a.y) * dy) / length2
  const along = Math.min(1, Math.max(0, share))
  return { x: a.x + along * dx, y: a.y + along * dy }
}

/**
 * The outline as a closed ring of points, the first not repeated; one point for a point.
 * @param ellipsePoints how many points stand for an ellipse
 */
export function outlinePoints(geometry: Geometry, ellipsePoints = 72): Point[] {
  switch (geometry.kind) {
    case 'point':
      return [{ x: geometry.x, y: geometry.y }]
    case 'rectangle':
      return boxCorners(geometry)
    case 'ellipse': {
      const centre = boxCentre(geometry)
      return Array.from({ length: ellipsePoints }, (_, index) => {
        const angle = (2 * Math.PI * index) / ellipsePoints
        return {
          x: centre.x + (geometry.width / 2) * Math.cos(angle),
          y: centre.y + (geometry.height / 2) * Math.sin(angle),
        }
      })
    }
    case 'polygon':
    case 'freehand':
      return [...geometry.points]
    default:
      return assertNever(geometry)
  }
}
