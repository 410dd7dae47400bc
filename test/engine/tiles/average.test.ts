import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { averagePredictions, averageRelevance } from '../../../src/engine/tiles/average'
import { planTiles } from '../../../src/engine/tiles/plan'

const size = (min: number, max: number) =>
  fc.record({ width: fc.integer({ min, max }), height: fc.integer({ min, max }) })
const layouts = fc
  .tuple(size(1, 24), size(1, 9), fc.integer({ min: 1, max: 9 }))
  .map(([image, tile, wish]) => ({
    image,
    tile,
    plan: planTiles(image, tile, Math.min(wish, tile.width, tile.height)),
  }))

describe('averageRelevance', () => {
  it('keeps a constant map constant, exactly', () => {
    fc.assert(
      fc.property(layouts, fc.integer({ min: 1, max: 3 }), ({ image, tile, plan }, channels) => {
        const average = averageRelevance(channels, image, tile)
        const constant = new Float32Array(channels * tile.width * tile.height).fill(0.1)
        for (const origin of plan.tiles) average.add(origin, constant)
        expect(new Set(average.mean())).toEqual(new Set([Math.fround(0.1)]))
      }),
    )
  })

  it('holds Σ mean · coverage = Σ tiles', () => {
    fc.assert(
      fc.property(layouts, fc.integer({ min: 1, max: 9999 }), ({ image, tile, plan }, seed) => {
        const average = averageRelevance(2, image, tile)
        let total = 0
        for (const [index, origin] of plan.tiles.entries()) {
          const relevance = Float32Array.from({ length: 2 * tile.width * tile.height }, (_, i) =>
            Math.sin(seed + index * 31 + i),
          )
          average.add(origin, relevance)
          if (!plan.padded) for (const value of relevance) total += value
        }
        if (plan.padded) return
        const coverage = average.coverage()
        const sum = average
          .mean()
          .reduce((all, value, i) => all + value * (coverage[i % coverage.length] ?? 0), 0)
        // Means are rounded to float32: 6e-8 of each, times coverage.
        expect(Math.abs(sum - total)).toBeLessThan(
          1e-6 * 2 * tile.width * tile.height * plan.tiles.length,
        )
      }),
    )
  })

  it('averages two overlapping tiles by hand', () => {
    // Image 3×1, tiles 2×1 at 0 and 1: the middle pixel has (2 + 10)/2.
    const average = averageRelevance(1, { width: 3, height: 1 }, { width: 2, height: 1 })
    average.add({ x: 0, y: 0 }, Float32Array.of(1, 2))
    average.add({ x: 1, y: 0 }, Float32Array.of(10, 20))
    expect(Array.from(average.mean())).toEqual([1, 6, 20])
    expect(Array.from(average.coverage())).toEqual([1, 2, 1])
  })

  it('leaves out what lies on the repeated border', () => {
    const average = averageRelevance(1, { width: 1, height: 1 }, { width: 3, height: 1 })
    average.add({ x: -1, y: 0 }, Float32Array.of(5, 7, 9))
    expect(Array.from(average.mean())).toEqual([7])
  })
})

describe('averagePredictions', () => {
  it('averages logits and, apart from them, softmax', () => {
    // softmax(0, 0) = (½, ½); softmax(ln 3, 0) = (¾, ¼).
    const mean = averagePredictions(2)
    mean.add(Float32Array.of(0, 0))
    mean.add(Float32Array.of(Math.log(3), 0))
    expect(mean.count()).toBe(2)
    expect(mean.logits()[0]).toBeCloseTo(Math.log(3) / 2, 6)
    expect(mean.probabilities()[0]).toBeCloseTo(0.625, 6)
    expect(mean.probabilities()[1]).toBeCloseTo(0.375, 6)
  })
})
