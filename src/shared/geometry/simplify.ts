import type { Point } from '../review/region'
import { distance } from './shapes'

/**
 * Ramer–Douglas–Peucker: leaves out points so that none of those left out lies farther than
 * `tolerance` (image pixels) from the line that remains. The ends stay. Iterative, since a
 * stroke can have more points than the stack has room.
 */
export function simplify(points: readonly Point[], tolerance: number): Point[] {
  if (points.length <= 2) return [...points]
  const kept = new Uint8Array(points.length)
  kept[0] = 1
  kept[points.length - 1] = 1
  const open: [number, number][] = [[0, points.length - 1]]
  for (let span = open.pop(); span; span = open.pop()) {
    const [from, to] = span
    const farthest = farthestFromLine(points, from, to)
    if (farthest.distance <= tolerance) continue
    kept[farthest.index] = 1
    open.push([from, farthest.index], [farthest.index, to])
  }
  return points.filter((_, index) => kept[index] === 1)
}

/** Without a point object each: a stroke asks this as often as it has points, squared at worst. */
function farthestFromLine(points: readonly Point[], from: number, to: number) {
  const start = points[from]
  const end = points[to]
  if (!start || !end) return { index: from, distance: 0 }
  const dx = end.x - start.x
  const dy = end.y - start.y
  const length2 = dx * dx + dy * dy
  let farthest = from
  let farthest2 = 0
  for (let index = from + 1; index < to; index++) {
    const point = points[index]
    if (!point) continue
    const px = point.x - start.x
    const py = point.y - start.y
    const share = length2 === 0 ? 0 : (px * dx + py * dy) / length2
    const along = share < 0 ? 0 : share > 1 ? 1 : share
    const away2 = (px - along * dx) ** 2 + (py - along * dy) ** 2
    if (away2 > farthest2) {
      farthest = index
      farthest2 = away2
    }
  }
  return { index: farthest, distance: Math.sqrt(farthest2) }
}

/**
 * The same for a closed ring: it is cut at the point farthest from its first, so that where the
 * stroke happened to begin leaves no corner behind. At least three points remain if there were three.
 */
export function simplifyRing(ring: readonly Point[], tolerance: number): Point[] {
  const first = ring[0]
  if (!first || ring.length <= 3) return [...ring]
  let cut = 0
  ring.forEach((point, index) => {
    const there = ring[cut]
    if (there && distance(point, first) > distance(there, first)) cut = index
  })
  const there = simplify(ring.slice(0, cut + 1), tolerance)
  const back = simplify([...ring.slice(cut), first], tolerance)
  const simple = [...there, ...back.slice(1, -1)]
  if (simple.length >= 3) return simple
  // A sliver thinner than the tolerance: keep the point that gives it what width it has.
  const side = farthestFromLine(ring, 0, cut)
  const other = farthestFromLine([...ring, first], cut, ring.length)
  const widest = side.distance >= other.distance ? side.index : other.index
  const indices = [...new Set([0, widest, cut])].sort((a, b) => a - b)
  const sliver = indices.flatMap((index) => ring[index] ?? [])
  return sliver.length >= 3 ? sliver : ring.slice(0, 3)
}
