import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alphaOf } from '../../../src/shared/colour/alpha'
import { colourMapById, colourMaps } from '../../../src/shared/colour/maps'

const rounded = (id: string, t: number) => colourMapById(id).colour(t).map(Math.round)

describe('colour maps', () => {
  it('offers blue-white-red first, which is safe for colour-blind eyes', () => {
    expect(colourMaps[0]).toMatchObject({
      id: 'blue-white-red',
      colourBlindSafe: true,
      perceptual: true,
    })
    expect(new Set(colourMaps.map((map) => map.id)).size).toBe(colourMaps.length)
  })

  it('says of jet that it is not perceptual', () => {
    expect(colourMapById('jet')).toMatchObject({ perceptual: false, colourBlindSafe: false })
    expect(colourMapById('jet').note).toBe('As in the paper; not perceptual')
  })

  it('falls back to the default for an unknown id', () => {
    expect(colourMapById('no-such-map').id).toBe('blue-white-red')
  })

  it.each([
    // Ends, middle and quarter points, by hand from the stops.
    ['blue-white-red', -1, [0, 0, 255]],
    ['blue-white-red', -0.5, [128, 128, 255]],
    ['blue-white-red', 0, [255, 255, 255]],
    ['blue-white-red', 1, [255, 0, 0]],
    ['red-blue', -1, [0x05, 0x30, 0x61]],
    ['red-blue', 0.8, [0xb2, 0x18, 0x2b]],
    ['cold-hot', -1, [0, 255, 255]],
    ['cold-hot', -0.75, [0, 128, 255]],
    ['cold-hot', 0, [0, 0, 0]],
    ['cold-hot', 1, [255, 255, 255]],
    ['purple-orange', 1, [0x7f, 0x3b, 0x08]],
    ['purple-orange', -0.8, [0x54, 0x27, 0x88]],
    ['jet', 0, [128, 255, 128]],
    ['jet', -1, [0, 0, 128]],
    ['jet', 1, [128, 0, 0]],
  ] as const)('%s at %f is %j', (id, t, rgb) => {
    expect(rounded(id, t)).toEqual([...rgb])
  })

  it('stays within 0…255 and clamps what is beyond, in every map', () => {
    fc.assert(
      fc.property(fc.constantFrom(...colourMaps), fc.double(), (map, t) => {
        const colour = map.colour(t)
        expect(colour.every((channel) => channel >= 0 && channel <= 255)).toBe(true)
        if (t > 1) expect(colour).toEqual(map.colour(1))
        if (t < -1) expect(colour).toEqual(map.colour(-1))
      }),
    )
  })

  it('has monotone lightness in each arm where it says it is perceptual, and not in jet', () => {
    const lightness = (rgb: readonly number[]) => {
      const [r, g, b] = rgb.map((value) => (value / 255) ** 2.2)
      return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0)
    }
    const monotone = (values: number[]) => {
      const steps = values.slice(1).map((value, index) => value - (values[index] ?? 0))
      return steps.every((step) => step >= -1e-9) || steps.every((step) => step <= 1e-9)
    }
    for (const map of colourMaps) {
      const arm = (sign: number) =>
        monotone(Array.from({ length: 101 }, (_, i) => lightness(map.colour((sign * i) / 100))))
      expect([map.id, arm(1) && arm(-1)]).toEqual([map.id, map.perceptual])
    }
  })
})

describe('alpha', () => {
  it('is 0 at zero, 1 at the ends, and 1 − (1 − t)² between', () => {
    expect(alphaOf(0)).toBe(0)
    expect(alphaOf(1)).toBe(1)
    expect(alphaOf(0.5)).toBeCloseTo(0.75, 12)
    expect(alphaOf(Number.NaN)).toBe(0)
  })

  it('is the same for both arms and never falls with |t|', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(share, share, share, (a, b, threshold) => {
        expect(alphaOf(-a, threshold)).toBe(alphaOf(a, threshold))
        const [low, high] = [Math.min(a, b), Math.max(a, b)]
        expect(alphaOf(low, threshold)).toBeLessThanOrEqual(alphaOf(high, threshold) + 1e-12)
        if (low < threshold) expect(alphaOf(low, threshold)).toBe(0)
        expect(alphaOf(1, threshold)).toBeCloseTo(1, 6)
      }),
    )
  })

  it('fades in above the threshold instead of jumping', () => {
    // At threshold + 0.02, the middle of the fade, half of 1 − (1 − 0.32)² = 0.5376.
    expect(alphaOf(0.32, 0.3)).toBeCloseTo(0.2688, 6)
    expect(alphaOf(0.301, 0.3)).toBeLessThan(0.01)
    expect(alphaOf(0.35, 0.3)).toBe(alphaOf(0.35))
  })
})
