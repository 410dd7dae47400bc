import { describe, expect, test } from 'vitest'
import {
  naturalLogarithm,
  normalNoise,
  sfc32,
} from '../../../../src/engine/lrp/methods/normalNoise'

/** Written once more with arbitrarily long integers. */
function slowSfc32(seed: bigint, count: number): number[] {
  const mask = 2n ** 32n - 1n
  let [a, b, c, counter] = [0n, seed, 0n, 1n]
  const all: number[] = []
  for (let round = 0; round < 15 + count; round++) {
    const sum = (a + b + counter) & mask
    counter = (counter + 1n) & mask
    a = b ^ (b >> 9n)
    b = (c + (c << 3n)) & mask
    c = ((((c << 21n) | (c >> 11n)) & mask) + sum) & mask
    all.push(Number(sum))
  }
  return all.slice(15)
}

describe('sfc32', () => {
  test.each([0, 1, 123_456_789, 2 ** 32 - 1])('seed %i', (seed) => {
    const next = sfc32(seed)
    expect(Array.from({ length: 200 }, next)).toEqual(slowSfc32(BigInt(seed), 200))
  })

  test('its first numbers never change: results are reproduced by them', () => {
    const next = sfc32(0)
    expect([next(), next(), next()]).toEqual([4_216_505_632, 947_923_937, 2_491_578_854])
  })
})

test('the logarithm is that of the machine, to a few units in the last place', () => {
  for (let power = 0; power > -62; power--) {
    for (const mantissa of [1, 0.9999999999, 0.75, 0.7072, 0.706, 0.5000001]) {
      const x = mantissa * 2 ** power
      const wanted = Math.log(x)
      expect(Math.abs(naturalLogarithm(x) - wanted)).toBeLessThanOrEqual(4e-16 * Math.max(1e-10, Math.abs(wanted)) + 1e-17) // prettier-ignore
    }
  }
})

test('the numbers are standard normal', () => {
  const next = normalNoise(1)
  const values = Array.from({ length: 100_000 }, next)
  const mean = (power: number) => values.reduce((sum, v) => sum + v ** power, 0) / values.length
  // Five standard errors: of the mean 1/√n, of the variance √(2/n), of the third moment √(15/n), of the fourth √(96/n).
  expect(Math.abs(mean(1))).toBeLessThan(5 * Math.sqrt(1 / 1e5))
  expect(Math.abs(mean(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / 1e5))
  expect(Math.abs(mean(3))).toBeLessThan(5 * Math.sqrt(15 / 1e5))
  expect(Math.abs(mean(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / 1e5))
})

test('neighbours are not correlated, within a pair nor across', () => {
  const next = normalNoise(2)
  const values = Array.from({ length: 100_000 }, next)
  const product = values.slice(1).reduce((sum, v, i) => sum + v * (values[i] ?? 0), 0) / 1e5
  expect(Math.abs(product)).toBeLessThan(5 * Math.sqrt(1 / 1e5))
})

test('by hand, from the first numbers of the generator', () => {
  const bits = slowSfc32(0n, 4).map((value) => (value + 0.5) / 2 ** 31 - 1)
  const [u1 = 0, v1 = 0, u2 = 0, v2 = 0] = bits
  // 0.9635² + 0.5586² = 1.240: rejected. 0.1602² + 0.8461² = 0.741: taken.
  expect(u1 ** 2 + v1 ** 2).toBeGreaterThan(1)
  const s = u2 ** 2 + v2 ** 2
  const scale = Math.sqrt((-2 * Math.log(s)) / s)
  const next = normalNoise(0)
  expect(next()).toBeCloseTo(u2 * scale, 14)
  expect(next()).toBeCloseTo(v2 * scale, 14)
})
