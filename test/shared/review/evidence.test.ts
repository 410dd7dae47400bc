import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { regionEvidence, valueUnder } from '../../../src/shared/review/evidence'
import type { Geometry } from '../../../src/shared/review/region'
import { geometry } from '../geometry/arbitraries'

const f32 = (...values: number[]) => Float32Array.from(values)
const rectangle = (x: number, y: number, width: number, height: number): Geometry => ({
  kind: 'rectangle',
  x,
  y,
  width,
  height,
})

// A map of 2×2 cells over an image of 4×4 pixels: each cell covers 2×2, centres at 1 and 3.
//   +1  −2
//   +3  −6
const map = {
  values: f32(1, -2, 3, -6),
  width: 2,
  height: 2,
  region: { x: 0, y: 0, width: 4, height: 4 },
}
const image = { width: 4, height: 4 }

describe('regionEvidence', () => {
  it('counts the cells whose centres lie inside', () => {
    // The left column: +1 and +3 of +4, none of −8; 2·4 of 16 pixels.
    expect(regionEvidence(rectangle(0, 0, 2, 4), map, image)).toEqual({
      area: 8,
      areaShare: 0.5,
      positiveShare: 1,
      negativeShare: 0,
    })
    // The lower right 1.5×1.5 has the centre (3, 3) only: −6 of −8.
    expect(regionEvidence(rectangle(2.5, 2.5, 1.5, 1.5), map, image)).toMatchObject({
      area: 2.25,
      positiveShare: 0,
      negativeShare: 0.75,
    })
    // Between the centres: an area, but no evidence.
    expect(regionEvidence(rectangle(1.5, 0, 1, 4), map, image)).toMatchObject({
      area: 4,
      positiveShare: 0,
      negativeShare: 0,
    })
  })

  it('takes the one cell under a point', () => {
    expect(regionEvidence({ kind: 'point', x: 1.9, y: 2.1 }, map, image)).toEqual({
      area: 0,
      areaShare: 0,
      positiveShare: 0.75,
      negativeShare: 0,
    })
    expect(regionEvidence({ kind: 'point', x: 9, y: 0 }, map, image).positiveShare).toBe(0)
  })

  it('follows a triangle', () => {
    // Below the diagonal from (0, 0) to (4, 4): centre (1, 3) lies inside; (1, 1) and (3, 3) on it.
    const points = [
      { x: 0, y: 0.5 },
      { x: 3.5, y: 4 },
      { x: 0, y: 4 },
    ]
    const got = regionEvidence({ kind: 'polygon', points }, map, image)
    expect(got).toMatchObject({ area: 6.125, positiveShare: 0.75, negativeShare: 0 })
  })

  it('knows that the map may cover only a part of the image', () => {
    const placed = { ...map, region: { x: 100, y: 50, width: 2, height: 2 } }
    const large = { width: 200, height: 100 }
    expect(regionEvidence(rectangle(0, 0, 101, 100), placed, large)).toMatchObject({
      area: 10_100,
      positiveShare: 1,
      negativeShare: 0,
    })
    expect(regionEvidence(rectangle(0, 0, 50, 50), placed, large).positiveShare).toBe(0)
  })

  it('has no share of what is not there', () => {
    const onlyFor = { ...map, values: f32(1, 0, 2, Number.NaN) }
    expect(regionEvidence(rectangle(0, 0, 4, 2), onlyFor, image)).toMatchObject({
      positiveShare: 1 / 3,
      negativeShare: null,
    })
  })

  it('gives shares of 0…1, all of it to a region that covers the map', () => {
    fc.assert(
      fc.property(
        geometry,
        fc.array(fc.float({ noNaN: true }), { minLength: 16, maxLength: 16 }),
        (shape, values) => {
          const random = {
            values: f32(...values.map((value) => Math.fround(value % 1e6))),
            width: 4,
            height: 4,
            region: { x: 0, y: 0, width: 100, height: 60 },
          }
          const size = { width: 100, height: 60 }
          const got = regionEvidence(shape, random, size)
          for (const share of [got.areaShare, got.positiveShare ?? 0, got.negativeShare ?? 0]) {
            expect(share).toBeGreaterThanOrEqual(0)
            expect(share).toBeLessThanOrEqual(1)
          }
          const all = regionEvidence(rectangle(-1, -1, 200, 200), random, size)
          expect(all.positiveShare ?? 1).toBe(1)
          expect(all.negativeShare ?? 1).toBe(1)
        },
      ),
    )
  })
})

describe('valueUnder', () => {
  it('reads the cell under the point, the far border belonging to the last cell', () => {
    expect(valueUnder(map, { x: 0, y: 0 })).toBe(1)
    expect(valueUnder(map, { x: 4, y: 4 })).toBe(-6)
    expect(valueUnder(map, { x: 2, y: 1.99 })).toBe(-2)
    expect(valueUnder(map, { x: 4.01, y: 0 })).toBeNull()
  })
})
