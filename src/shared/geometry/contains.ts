import { assertNever } from '../assertNever'
import type { Geometry, Point } from '../review/region'
import { area } from './area'
import { bounds, boxesMeet } from './bounds'
import { boxCentre, distance, isOutline, nearestOnSegment, outlinePoints } from './shapes'

/**
 * Whether the point lies inside. Left and upper borders belong to a rectangle, right and lower
 * ones do not, so that neighbouring rectangles share no pixel. Outlines follow the even-odd rule.
 * A point contains nothing.
 */
export function containsPoint(geometry: Geometry, point: Point): boolean {
  switch (geometry.kind) {
    case 'point':
      return false
    case 'rectangle':
      return (
        point.x >= geometry.x &&
        point.x < geometry.x + geometry.width &&
        point.y >= geometry.y &&
        point.y < geometry.y + geometry.height
      )
    case 'ellipse': {
      if (geometry.width === 0 || geometry.height === 0) return false
      const centre = boxCentre(geometry)
      const dx = (point.x - centre.x) / (geometry.width / 2)
      const dy = (point.y - centre.y) / (geometry.height / 2)
      return dx * dx + dy * dy <= 1
    }
    case 'polygon':
    case 'freehand':
      return ringContains(geometry.points, point)
    default:
      return assertNever(geometry)
  }
}

/** Even-odd: a ray to the right crosses the ring an odd number of times. */
export function ringContains(ring: readonly Point[], { x, y }: Point): boolean {
  let inside = false
  let before = ring.at(-1)
  for (const point of ring) {
    if (before && point.y > y !== before.y > y) {
      const crossing = point.x + ((y - point.y) / (before.y - point.y)) * (before.x - point.x)
      if (x < crossing) inside = !inside
    }
    before = point
  }
  return inside
}

/**
 * `containsPoint` for many points of one row: the outline is cut once, so that asking for every
 * pixel of a large freehand region costs its pixels and not pixels times vertices.
 * @param y image pixels
 * @returns whether (x, y) lies inside
 */
export function rowTest(geometry: Geometry, y: number): (x: number) => boolean {
  if (!isOutline(geometry)) return (x) => containsPoint(geometry, { x, y })
  const crossings: number[] = []
  let before = geometry.points.at(-1)
  for (const point of geometry.points) {
    if (before && point.y > y !== before.y > y) {
      crossings.push(point.x + ((y - point.y) / (before.y - point.y)) * (before.x - point.x))
    }
    before = point
  }
  return (x) => {
    let inside = false
    for (const crossing of crossings) if (x < crossing) inside = !inside
    return inside
  }
}

/** Distance in image pixels from the point to the outline. */
export function distanceToOutline(geometry: Geometry, point: Point): number {
  const ring = outlinePoints(geometry, 180)
  let nearest = Number.POSITIVE_INFINITY
  let before = ring.at(-1)
  for (const vertex of ring) {
    const from = before ?? vertex
    nearest = Math.min(nearest, distance(point, nearestOnSegment(point, from, vertex)))
    before = vertex
  }
  return nearest
}

export type HitPart = 'point' | 'edge' | 'inside'

/** What part of the geometry lies under the point, the tolerance in image pixels; null for none. */
export function hitPart(geometry: Geometry, point: Point, tolerance: number): HitPart | null {
  const reach = { x: point.x - tolerance, y: point.y - tolerance, width: 2 * tolerance }
  if (!boxesMeet(bounds(geometry), { ...reach, height: 2 * tolerance })) return null
  if (geometry.kind === 'point') return distance(geometry, point) <= tolerance ? 'point' : null
  if (distanceToOutline(geometry, point) <= tolerance) return 'edge'
  return containsPoint(geometry, point) ? 'inside' : null
}

export interface Hit<T> {
  readonly item: T
  readonly part: HitPart
}

/**
 * Everything under the point, the one to take first: points, then the smallest area, so that a
 * small region inside a large one stays within reach; among equals the one drawn last.
 */
export function hitsAt<T extends { readonly geometry: Geometry }>(
  items: readonly T[],
  point: Point,
  tolerance: number,
): Hit<T>[] {
  return items
    .flatMap((item, index) => {
      const part = hitPart(item.geometry, point, tolerance)
      return part ? [{ item, part, index, size: area(item.geometry) }] : []
    })
    .sort((a, b) => a.size - b.size || b.index - a.index)
    .map(({ item, part }) => ({ item, part }))
}
