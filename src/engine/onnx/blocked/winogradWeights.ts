const side = 6
const taps = 3
const places = side * side

/**
 * G w Gᵀ of every 3 × 3 kernel of [O, I, 3, 3], computed in float64: for each of the 36 places the products of
 * channels, [36 · O, I, 1, 1], in the order [36 · O/b, I/b, b of I, b of O]. O and I are whole blocks.
 */
export function winogradWeights(
  weights: Float32Array,
  outputs: number,
  inputs: number,
  block: number,
): { dims: number[]; values: Float32Array } {
  const values = new Float32Array(places * outputs * inputs)
  const area = block * block
  const half = new Float64Array(side * taps)
  const transformed = new Float64Array(places)
  // The kernels of one pair of blocks at a time: what they become lies together, place by place.
  const pair = new Float32Array(places * area)
  let start = 0
  for (let outer = 0; outer < outputs; outer += block) {
    for (let inner = 0; inner < inputs; inner += block) {
      for (let i = 0; i < block; i++) {
        for (let o = 0; o < block; o++) {
          const from = ((outer + o) * inputs + inner + i) * taps * taps
          for (let x = 0; x < taps; x++) timesG(weights, from + x, taps, half, x, taps)
          for (let row = 0; row < side; row++) {
            timesG(half, row * taps, 1, transformed, row * side, 1)
          }
          for (let place = 0; place < places; place++) {
            pair[place * area + i * block + o] = transformed[place] ?? 0
          }
        }
      }
      for (let place = 0; place < places; place++) {
        const to = place * outputs * inputs + start
        values.set(pair.subarray(place * area, (place + 1) * area), to)
      }
      start += area
    }
  }
  return { dims: [places * outputs, inputs, 1, 1], values }
}

/**
 * G (a, b, c)ᵀ with G of F(4, 3) at the points p = 0, ±3/4, ±3/2 and ∞: (a + pb + p²c) / F(p), where F(p) is the product
 * of p − q over the other points, and c. F(0) = 81/64, F(±3/4) = −243/128, F(±3/2) = 243/32.
 * @param step from one number to the next, in `from`. @param toStep the same in `to`.
 */
function timesG(
  from: Float32Array | Float64Array,
  at: number,
  step: number,
  to: Float64Array,
  toAt: number,
  toStep: number,
): void {
  const a = from[at] ?? 0
  const b = from[at + step] ?? 0
  const c = from[at + 2 * step] ?? 0
  const near = a + (9 / 16) * c
  const far = a + (9 / 4) * c
  to[toAt] = (64 / 81) * a
  to[toAt + toStep] = (-128 / 243) * (near + (3 / 4) * b)
  to[toAt + 2 * toStep] = (-128 / 243) * (near - (3 / 4) * b)
  to[toAt + 3 * toStep] = (32 / 243) * (far + (3 / 2) * b)
  to[toAt + 4 * toStep] = (32 / 243) * (far - (3 / 2) * b)
  to[toAt + 5 * toStep] = c
}
