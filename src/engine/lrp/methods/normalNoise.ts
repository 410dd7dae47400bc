/** Standard normal numbers, one after another. */
export type Noise = () => number

/**
 * Normal numbers that are the same to the bit on every machine: Marsaglia's polar method on the generator
 * sfc32 (Doty-Humphrey, PractRand), with a logarithm made of additions and multiplications alone, since
 * that of the machine may differ in its last bit.
 * @param seed a whole number from 0 to 2³² − 1.
 */
export function normalNoise(seed: number): Noise {
  const random = sfc32(seed)
  let spare: number | null = null
  return () => {
    if (spare !== null) {
      const value = spare
      spare = null
      return value
    }
    for (;;) {
      const u = signed(random())
      const v = signed(random())
      const s = u * u + v * v
      if (s >= 1) continue
      const scale = Math.sqrt((-2 * naturalLogarithm(s)) / s)
      spare = v * scale
      return u * scale
    }
  }
}

/** 32 random bits at a time; state (0, seed, 0), counter 1, the first 15 left out, as PractRand does. */
export function sfc32(seed: number): () => number {
  let a = 0
  let b = seed >>> 0
  let c = 0
  let counter = 1
  const next = (): number => {
    const result = (a + b + counter) >>> 0
    counter = (counter + 1) >>> 0
    a = (b ^ (b >>> 9)) >>> 0
    b = (c + (c << 3)) >>> 0
    c = (((c << 21) | (c >>> 11)) + result) >>> 0
    return result
  }
  for (let round = 0; round < 15; round++) next()
  return next
}

/** 32 bits as a number strictly between −1 and 1, never 0. */
function signed(bits: number): number {
  return (bits + 0.5) / 2 ** 31 - 1
}

/** Terms of the series below: for √½ ≤ m ≤ √2 it is |t| ≤ 0.172, so t²⁵/25 is below 1e-20. */
const terms = 12

/** ln x for 0 < x ≤ 1: x = m·2⁻ᵏ, ln m = 2 Σ t²ⁿ⁺¹/(2n + 1) with t = (m − 1)/(m + 1). */
export function naturalLogarithm(x: number): number {
  let m = x
  let halvings = 0
  while (m < Math.SQRT1_2) {
    m *= 2
    halvings++
  }
  const t = (m - 1) / (m + 1)
  const square = t * t
  let sum = 0
  for (let n = terms - 1; n >= 0; n--) sum = sum * square + 1 / (2 * n + 1)
  return 2 * t * sum - halvings * Math.LN2
}
