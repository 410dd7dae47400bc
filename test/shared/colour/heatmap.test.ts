import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { legendRange, paintHeatmap, pixelRelevance } from '../../../src/shared/colour/heatmap'
import { quantileInPlace } from '../../../src/shared/colour/quantile'
import { AppError } from '../../../src/shared/errors'

const f32 = (...values: number[]) => Float32Array.from(values)

describe('pixelRelevance', () => {
  it('sums over channels', () => {
    // Two channels of 1×3: (1, 2, 3) + (10, −2, 0.5).
    const map = pixelRelevance(f32(1, 2, 3, 10, -2, 0.5), [2, 1, 3])
    expect(map).toEqual({ values: f32(11, 0, 3.5), width: 3, height: 1 })
    expect(pixelRelevance(f32(1, 2, 3, 10, -2, 0.5), [1, 2, 1, 3])).toEqual(map)
  })

  it('shows a vector as one row', () => {
    const row = { values: f32(1, -2), width: 2, height: 1 }
    expect(pixelRelevance(f32(1, -2), [2])).toEqual(row)
    expect(pixelRelevance(f32(1, -2), [1, 2])).toEqual(row)
  })

  it('reads [1, H, W] as one channel', () => {
    const map = pixelRelevance(f32(1, 2, 3, 4), [1, 2, 2])
    expect([map.width, map.height]).toEqual([2, 2])
  })

  it('does not share memory with its input', () => {
    const relevance = f32(1, 2)
    pixelRelevance(relevance, [1, 1, 2]).values[0] = 9
    expect(relevance[0]).toBe(1)
  })

  it.each([[[2, 3, 1, 1]], [[2, 2]], [[]], [[1, 1, 1, 1, 1]], [[3, 1, 3]]])(
    'refuses shape %j for six numbers',
    (shape) => {
      expect(() => pixelRelevance(new Float32Array(6), shape)).toThrow(AppError)
    },
  )
})

describe('quantileInPlace', () => {
  it('agrees with sorting', () => {
    const value = fc.float({ noNaN: true, min: 0, max: 1000 })
    fc.assert(
      fc.property(
        fc.array(fc.oneof(value, fc.constantFrom(0, 1, 2)), { minLength: 1, maxLength: 400 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, share) => {
          const sorted = Float32Array.from(values).sort()
          const rank = Math.max(0, Math.ceil(share * values.length) - 1)
          expect(quantileInPlace(Float32Array.from(values), share)).toBe(sorted[rank])
        },
      ),
    )
  })
})

describe('legendRange', () => {
  it('takes the largest magnitude of either sign', () => {
    expect(legendRange(f32(1, -5, 3), 'max')).toEqual({ range: 5, clipped: 0, allZero: false })
  })

  it('takes the 99.5th percentile and states what it clips', () => {
    // |R| = 1…1000: the 995th is 995, five lie beyond it.
    const values = Float32Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? i + 1 : -(i + 1)))
    expect(legendRange(values, 'percentile')).toEqual({
      range: 995,
      clipped: 0.005,
      allZero: false,
    })
  })

  it('takes the largest where the percentile would be 0', () => {
    const values = new Float32Array(1000)
    values[7] = -4
    expect(legendRange(values, 'percentile').range).toBe(4)
  })

  it.each(['max', 'percentile'] as const)('is a safe 1 when all are 0, and says so (%s)', (by) => {
    expect(legendRange(new Float32Array(10), by)).toEqual({ range: 1, clipped: 0, allZero: true })
    expect(legendRange(new Float32Array(0), by).range).toBe(1)
    expect(legendRange(f32(Number.NaN, Number.POSITIVE_INFINITY), by).allZero).toBe(true)
  })

  it('leaves out what is not finite', () => {
    expect(legendRange(f32(Number.NaN, 2, Number.NEGATIVE_INFINITY), 'max').range).toBe(2)
  })
})

describe('paintHeatmap', () => {
  const paint = { colourMap: 'blue-white-red', range: 2, threshold: 0, sign: 'both' } as const

  it('paints the ends opaque, zero transparent, beyond as the ends, NaN transparent', () => {
    const pixels = paintHeatmap(f32(2, -2, 0, 9, Number.NaN), 5, 1, paint)
    expect([...pixels.slice(0, 4)]).toEqual([255, 0, 0, 255])
    expect([...pixels.slice(4, 8)]).toEqual([0, 0, 255, 255])
    expect(pixels[11]).toBe(0)
    expect([...pixels.slice(12, 16)]).toEqual([255, 0, 0, 255])
    expect(pixels[19]).toBe(0)
  })

  it('paints half the range in half the colour with alpha 0.75', () => {
    // bwr at 0.5 is (255, 127.5, 127.5); 0.75 · 255 = 191.25.
    expect([...paintHeatmap(f32(1), 1, 1, paint)]).toEqual([255, 128, 128, 191])
  })

  it('shows one sign only when asked', () => {
    const alphas = (sign: 'positive' | 'negative') => {
      const pixels = paintHeatmap(f32(2, -2), 2, 1, { ...paint, sign })
      return [pixels[3], pixels[7]]
    }
    expect(alphas('positive')).toEqual([255, 0])
    expect(alphas('negative')).toEqual([0, 255])
  })

  it('hides what is below the threshold', () => {
    const pixels = paintHeatmap(f32(0.9, 1.1), 2, 1, { ...paint, threshold: 0.5 })
    expect(pixels[3]).toBe(0)
    expect(pixels[7]).toBeGreaterThan(0)
  })
})
