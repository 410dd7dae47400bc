import type { ImageRect } from '../explanation/result'
import { area } from '../geometry/area'
import { bounds, clampBox } from '../geometry/bounds'
import { rowTest } from '../geometry/contains'
import type { Size } from '../geometry/shapes'
import type { RegionEvidence } from '../report/model'
import type { Geometry, Point } from './region'

/** Relevance per cell and the part of the image it covers, which may have another resolution. */
export interface PlacedMap {
  /** Row-major, length width·height, in units of relevance. */
  readonly values: Float32Array
  readonly width: number
  readonly height: number
  /** Image pixels. */
  readonly region: ImageRect
}

/**
 * How much of the map's evidence the geometry holds.
 *
 * A cell of the map counts when its centre lies inside the geometry; for a point region it is
 * the one cell under it. Shares are Σ R⁺ inside / Σ R⁺ of the whole map, and the same for R⁻.
 * The area is the geometry's own, in square pixels of the image, also where it reaches beyond
 * the map. Relevance that is not finite is left out.
 */
export function regionEvidence(geometry: Geometry, map: PlacedMap, image: Size): RegionEvidence {
  const total = { positive: 0, negative: 0 }
  for (const value of map.values) add(total, value)
  const inside = { positive: 0, negative: 0 }
  visitCells(geometry, map, (value) => add(inside, value))
  const square = area(geometry)
  const whole = image.width * image.height
  return {
    area: square,
    areaShare: whole > 0 ? Math.min(1, square / whole) : 0,
    positiveShare: share(inside.positive, total.positive),
    negativeShare: share(inside.negative, total.negative),
  }
}

/** Magnitudes: both are 0 or more. */
interface Sums {
  positive: number
  negative: number
}

function add(sums: Sums, value: number): void {
  if (!Number.isFinite(value)) return
  if (value > 0) sums.positive += value
  else if (value < 0) sums.negative -= value
}

function share(part: number, whole: number): number | null {
  // Rounding may carry the part a hair beyond the whole when the sums run in another order.
  return whole === 0 ? null : Math.min(1, part / whole)
}

function visitCells(geometry: Geometry, map: PlacedMap, visit: (value: number) => void): void {
  const { region, width, height, values } = map
  if (geometry.kind === 'point') {
    const under = valueUnder(map, geometry)
    if (under !== null) visit(under)
    return
  }
  if (region.width <= 0 || region.height <= 0) return
  const cellWidth = region.width / width
  const cellHeight = region.height / height
  // Only the cells in the geometry's box are asked.
  const box = bounds(geometry)
  const cells = clampBox(
    {
      x: (box.x - region.x) / cellWidth,
      y: (box.y - region.y) / cellHeight,
      width: box.width / cellWidth,
      height: box.height / cellHeight,
    },
    { width, height },
  )
  const firstColumn = Math.floor(cells.x)
  const lastColumn = Math.min(width, Math.ceil(cells.x + cells.width))
  const lastRow = Math.min(height, Math.ceil(cells.y + cells.height))
  for (let row = Math.floor(cells.y); row < lastRow; row++) {
    const y = region.y + (row + 0.5) * cellHeight
    const contains = rowTest(geometry, y)
    for (let column = firstColumn; column < lastColumn; column++) {
      const x = region.x + (column + 0.5) * cellWidth
      if (contains(x)) visit(values[row * width + column] ?? 0)
    }
  }
}

/** The cell at a position in cells; the far border belongs to the last cell; null outside. */
function cellUnder(position: number, count: number): number | null {
  if (position < 0 || position > count) return null
  return Math.min(count - 1, Math.floor(position))
}

/** The map's value at a point of the image; null outside the map. */
export function valueUnder(map: PlacedMap, point: Point): number | null {
  const { region, width, height, values } = map
  if (region.width <= 0 || region.height <= 0) return null
  const column = cellUnder(((point.x - region.x) / region.width) * width, width)
  const row = cellUnder(((point.y - region.y) / region.height) * height, height)
  return column === null || row === null ? null : (values[row * width + column] ?? null)
}
