import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { simplify, simplifyRing } from '../../../src/shared/geometry/simplify'
import { distance, nearestOnSegment } from '../../../src/shared/geometry/shapes'
import type { Point } from '../../../src/shared/review/region'
import { point } from './arbitraries'

const line = (...pairs: [number, number][]): Point[] => pairs.map(([x, y]) => ({ x, y }))

describe('simplify', () => {
  it('leaves out what lies on a line and keeps the corner', () => {
    expect(simplify(line([0, 0], [1, 0.1], [2, -0.1], [5, 0], [5, 5]), 0.2)).toEqual(
      line([0, 0], [5, 0], [5, 5]),
    )
  })
  it('keeps what is farther than the tolerance', () => {
    const bump = line([0, 0], [2, 0.3], [4, 0])
    expect(simplify(bump, 0.29)).toEqual(bump)
    expect(simplify(bump, 0.31)).toEqual(line([0, 0], [4, 0]))
  })
  it('leaves no point out that is farther from the result than the tolerance', () => {
    fc.assert(
      fc.property(fc.array(point, { minLength: 2, maxLength: 60 }), (points) => {
        const simple = simplify(points, 5)
        for (const left of points) {
          const away = simple.slice(1).map((to, index) => {
            const from = simple[index] ?? to
            return distance(left, nearestOnSegment(left, from, to))
          })
          expect(Math.min(...away)).toBeLessThanOrEqual(5 + 1e-9)
        }
      }),
    )
  })
  it('does not run out of stack where every point is a corner', () => {
    // Falling spikes are split off one by one: as deep as the stroke is long.
    const zigzag = Array.from({ length: 12_000 }, (_, i) => ({
      x: i,
      y: i % 2 === 0 ? 0 : 1e9 / (i + 1),
    }))
    expect(simplify(zigzag, 1)).toHaveLength(12_000)
  })
})

describe('simplifyRing', () => {
  it('forgets where the stroke began', () => {
    const ring = line([5, 0], [10, 0], [10, 10], [0, 10], [0, 0])
    // (10, 10) is as far from (5, 0) as (0, 10); the start on the upper edge stays as an end.
    expect(simplifyRing(ring, 0.5)).toEqual(ring)
    expect(simplifyRing(line([0, 0], [5, 0], [10, 0], [10, 10], [5, 10], [0, 10]), 0.5)).toEqual(
      line([0, 0], [10, 0], [10, 10], [0, 10]),
    )
  })
  it('keeps at least three points', () => {
    fc.assert(
      fc.property(fc.array(point, { minLength: 3, maxLength: 40 }), (ring) => {
        expect(simplifyRing(ring, 1000).length).toBeGreaterThanOrEqual(3)
      }),
    )
  })
})
