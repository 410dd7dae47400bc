import fc from 'fast-check'
import type { Geometry } from '../../../src/shared/review/region'

const coordinate = fc.integer({ min: -400, max: 800 }).map((value) => value / 4)
const length = fc.integer({ min: 4, max: 800 }).map((value) => value / 4)
export const point = fc.record({ x: coordinate, y: coordinate })
const box = { x: coordinate, y: coordinate, width: length, height: length }
const ring = fc.array(point, { minLength: 3, maxLength: 12 })

export const geometry: fc.Arbitrary<Geometry> = fc.oneof(
  fc.record({ kind: fc.constant('point' as const), x: coordinate, y: coordinate }),
  fc.record({ kind: fc.constant('rectangle' as const), ...box }),
  fc.record({ kind: fc.constant('ellipse' as const), ...box }),
  fc.record({ kind: fc.constant('polygon' as const), points: ring }),
  fc.record({ kind: fc.constant('freehand' as const), points: ring }),
)
