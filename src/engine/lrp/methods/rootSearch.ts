/** A point on the way from x (t = 0) and the score there. */
export interface Stop {
  readonly t: number
  readonly point: Float32Array
  readonly score: number
}

export interface Root {
  readonly at: Stop
  readonly halvings: number
}

/** The point x + t·direction, in the numbers that the model takes. */
export function pointOn(x: Float32Array, direction: Float64Array, t: number): Float32Array {
  return x.map((value, d) => value + t * (direction[d] ?? 0))
}

/**
 * Bisection between two points where the score has different signs, or is 0 in one of them: halves until a
 * score is 0, float32 has no point between, or `most` halvings are made.
 * @returns the end whose score is nearer to 0.
 */
export async function bisect(
  near: Stop,
  far: Stop,
  most: number,
  stopAt: (t: number) => Promise<Stop>,
  onHalving: (done: number) => void,
): Promise<Root> {
  let [low, high] = [near, far]
  let halvings = 0
  while (halvings < most && low.score !== 0 && high.score !== 0) {
    const middle = await stopAt((low.t + high.t) / 2)
    if (isSame(middle.point, low.point) || isSame(middle.point, high.point)) break
    halvings++
    if (Math.sign(middle.score) === Math.sign(near.score)) low = middle
    else high = middle
    onHalving(halvings)
  }
  return { at: Math.abs(high.score) < Math.abs(low.score) ? high : low, halvings }
}

function isSame(a: Float32Array, b: Float32Array): boolean {
  return a.every((value, d) => value === b[d])
}
