import type { Scope } from '../../shared/explanation/method'
import type { Size } from '../../shared/geometry/shapes'
import type { Point } from '../../shared/review/region'

/**
 * The tile of the model's input size whose middle lies nearest to a point, inside the image.
 * An image smaller than a tile is covered by the tile at (0, 0).
 */
export function tileAt(point: Point, tile: Size, image: Size): Extract<Scope, { kind: 'tile' }> {
  const along = (at: number, length: number, whole: number) =>
    Math.max(0, Math.min(whole - length, Math.round(at - length / 2)))
  return {
    kind: 'tile',
    x: along(point.x, tile.width, image.width),
    y: along(point.y, tile.height, image.height),
  }
}
