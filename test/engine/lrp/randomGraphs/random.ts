/** Pseudo-random numbers that a seed decides (mulberry32). */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
    // Neighbouring seeds begin alike.
    for (let at = 0; at < 4; at++) this.unit()
  }

  /** Evenly distributed in 0 … 1. */
  unit(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.unit()
  }

  /** A whole number, both ends included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low + 1))
  }

  chance(probability: number): boolean {
    return this.unit() < probability
  }

  pick<T>(choices: readonly T[]): T {
    const chosen = choices[Math.floor(this.unit() * choices.length)]
    if (chosen === undefined) throw new Error('nothing to pick from')
    return chosen
  }

  /** @param weightOf how likely each choice is, against the others. */
  weighted<T>(choices: readonly T[], weightOf: (choice: T) => number): T {
    let rest = this.unit() * choices.reduce((sum, choice) => sum + weightOf(choice), 0)
    for (const choice of choices) {
      rest -= weightOf(choice)
      if (rest < 0) return choice
    }
    return this.pick(choices)
  }

  /** Normally distributed (Box and Muller), as float32. */
  normals(count: number, deviation = 1): Float32Array {
    return Float32Array.from({ length: count }, () => {
      const radius = Math.sqrt(-2 * Math.log(1 - this.unit()))
      return deviation * radius * Math.cos(2 * Math.PI * this.unit())
    })
  }

  shuffled(count: number): number[] {
    const order = Array.from({ length: count }, (_, at) => at)
    for (let at = count - 1; at > 0; at--) {
      const other = this.integer(0, at)
      const kept = order[at] ?? 0
      order[at] = order[other] ?? 0
      order[other] = kept
    }
    return order
  }
}
