import { assertNever } from '../assertNever'
import type { Geometry, Point } from '../review/region'

/** |½ Σ (x_i y_{i+1} − x_{i+1} y_i)|, in square pixels; for a ring that does not cross itself. */
export function shoelace(points: readonly Point[]): number {
  let twice = 0
  let before = points.at(-1)
  for (const point of points) {
    if (before) twice += before.x * point.y - point.x * before.y
    before = point
  }
  return Math.abs(twice) / 2
}

/** Area in square pixels of the image; 0 for a point. An ellipse has π·a·b. */
export function area(geometry: Geometry): number {
  switch (geometry.kind) {
    case 'point':
      return 0
    case 'rectangle':
      return geometry.width * geometry.height
    case 'ellipse':
      return Math.PI * (geometry.width / 2) * (geometry.height / 2)
    case 'polygon':
    case 'freehand':
      return shoelace(geometry.points)
    default:
      return assertNever(geometry)
  }
}
