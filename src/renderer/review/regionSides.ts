import { isBox } from '../../shared/geometry/shapes'
import { geometrySchema, type Geometry } from '../../shared/review/region'

export type Side = 'x' | 'y' | 'width' | 'height'
export const sideNames: Readonly<Record<Side, string>> = { x: 'x', y: 'y', width: 'w', height: 'h' }

/** The geometry with one number changed; null when that makes no region. */
export function withSide(geometry: Geometry, side: Side, value: number): Geometry | null {
  if (!isBox(geometry) && geometry.kind !== 'point') return null
  const parsed = geometrySchema.safeParse({ ...geometry, [side]: value })
  return parsed.success ? parsed.data : null
}

/** What of a shape can be typed; outlines are reshaped on the stage. */
export function sides(geometry: Geometry): readonly Side[] {
  if (geometry.kind === 'point') return ['x', 'y']
  return isBox(geometry) ? ['x', 'y', 'width', 'height'] : []
}
