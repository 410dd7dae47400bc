import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { area } from '../../../src/shared/geometry/area'
import { bounds, clampToImage } from '../../../src/shared/geometry/bounds'
import { containsPoint, hitPart, hitsAt, rowTest } from '../../../src/shared/geometry/contains'
import { nearestOnSegment, outlinePoints } from '../../../src/shared/geometry/shapes'
import type { Geometry } from '../../../src/shared/review/region'
import { geometry, point } from './arbitraries'

const triangle: Geometry = {
  kind: 'polygon',
  points: [
    { x: 0, y: 0 },
    { x: 4, y: 0 },
    { x: 0, y: 3 },
  ],
}
const rectangle: Geometry = { kind: 'rectangle', x: 10, y: 20, width: 5, height: 2 }
const ellipse: Geometry = { kind: 'ellipse', x: 0, y: 0, width: 6, height: 4 }

describe('area', () => {
  it('is ½·4·3 = 6 for the triangle, in either direction round', () => {
    expect(area(triangle)).toBe(6)
    expect(area({ kind: 'freehand', points: triangle.points.toReversed() })).toBe(6)
  })
  it('is 5·2 for the rectangle, π·3·2 for the ellipse, 0 for a point', () => {
    expect(area(rectangle)).toBe(10)
    expect(area(ellipse)).toBeCloseTo(6 * Math.PI, 12)
    expect(area({ kind: 'point', x: 1, y: 1 })).toBe(0)
  })
})

describe('bounds', () => {
  it('wraps each kind', () => {
    expect(bounds(triangle)).toEqual({ x: 0, y: 0, width: 4, height: 3 })
    expect(bounds(rectangle)).toEqual({ x: 10, y: 20, width: 5, height: 2 })
    expect(bounds({ kind: 'point', x: 7, y: 8 })).toEqual({ x: 7, y: 8, width: 0, height: 0 })
  })
  it('contains every point of the outline', () => {
    fc.assert(
      fc.property(geometry, (shape) => {
        const box = bounds(shape)
        for (const { x, y } of outlinePoints(shape)) {
          expect(x).toBeGreaterThanOrEqual(box.x - 1e-9)
          expect(x).toBeLessThanOrEqual(box.x + box.width + 1e-9)
          expect(y).toBeGreaterThanOrEqual(box.y - 1e-9)
          expect(y).toBeLessThanOrEqual(box.y + box.height + 1e-9)
        }
      }),
    )
  })
  it('is cut at the image', () => {
    const image = { width: 12, height: 100 }
    expect(clampToImage(rectangle, image)).toEqual({ ...rectangle, width: 2 })
    expect(clampToImage({ kind: 'point', x: -1, y: 200 }, image)).toEqual({
      kind: 'point',
      x: 0,
      y: 100,
    })
    fc.assert(
      fc.property(geometry, (shape) => {
        const box = bounds(clampToImage(shape, image))
        expect(box.x).toBeGreaterThanOrEqual(0)
        expect(box.x + box.width).toBeLessThanOrEqual(12)
        expect(box.y + box.height).toBeLessThanOrEqual(100)
      }),
    )
  })
})

describe('containsPoint', () => {
  it('gives neighbouring rectangles no common pixel', () => {
    expect(containsPoint(rectangle, { x: 10, y: 20 })).toBe(true)
    expect(containsPoint(rectangle, { x: 15, y: 20 })).toBe(false)
    expect(containsPoint(rectangle, { x: 12, y: 22 })).toBe(false)
  })
  it('knows the corners of an ellipse are outside', () => {
    expect(containsPoint(ellipse, { x: 3, y: 2 })).toBe(true)
    expect(containsPoint(ellipse, { x: 5.9, y: 2 })).toBe(true)
    expect(containsPoint(ellipse, { x: 0.2, y: 0.2 })).toBe(false)
  })
  it('follows the even-odd rule: the middle of a pentagram is outside', () => {
    const star = [0, 2, 4, 1, 3].map((corner) => ({
      x: 10 * Math.sin((2 * Math.PI * corner) / 5),
      y: -10 * Math.cos((2 * Math.PI * corner) / 5),
    }))
    const shape: Geometry = { kind: 'polygon', points: star }
    expect(containsPoint(shape, { x: 0, y: 0 })).toBe(false)
    expect(containsPoint(shape, { x: 0, y: -7 })).toBe(true)
  })
  it('agrees with the row test everywhere', () => {
    fc.assert(
      fc.property(geometry, point, (shape, at) => {
        expect(rowTest(shape, at.y)(at.x)).toBe(containsPoint(shape, at))
      }),
    )
  })
})

describe('hits', () => {
  it('tells the edge from the inside, with a tolerance', () => {
    expect(hitPart(rectangle, { x: 9, y: 21 }, 1.5)).toBe('edge')
    expect(hitPart(rectangle, { x: 12.5, y: 21 }, 0.5)).toBe('inside')
    expect(hitPart(rectangle, { x: 7, y: 21 }, 1.5)).toBeNull()
    expect(hitPart({ kind: 'point', x: 3, y: 4 }, { x: 0, y: 0 }, 5)).toBe('point')
  })
  it('takes points first, then the smallest region, then the last drawn', () => {
    const item = (name: string, shape: Geometry) => ({ name, geometry: shape })
    const large: Geometry = { kind: 'rectangle', x: 0, y: 0, width: 100, height: 100 }
    const small: Geometry = { kind: 'rectangle', x: 40, y: 40, width: 20, height: 20 }
    const items = [
      item('small', small),
      item('point', { kind: 'point', x: 50, y: 50 }),
      item('large', large),
      item('twin', small),
    ]
    const names = hitsAt(items, { x: 50, y: 50 }, 2).map((hit) => hit.item.name)
    expect(names).toEqual(['point', 'twin', 'small', 'large'])
  })
  it('finds the nearest point on a segment, its ends included', () => {
    const [a, b] = [
      { x: 0, y: 0 },
      { x: 10, y: 0 },
    ] as const
    expect(nearestOnSegment({ x: 4, y: 3 }, a, b)).toEqual({ x: 4, y: 0 })
    expect(nearestOnSegment({ x: -4, y: 3 }, a, b)).toEqual(a)
    expect(nearestOnSegment({ x: 1, y: 1 }, a, a)).toEqual(a)
  })
})
