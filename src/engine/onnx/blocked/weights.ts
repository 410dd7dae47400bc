/** Rounded up to whole blocks. */
export function blocked(channels: number, block: number): number {
  return Math.ceil(channels / block) * block
}

/**
 * Weights [O, I, H, W] in the order [O/b, I/b, H, W, b of I, b of O]; missing channels are 0.
 * @param block b.
 */
export function blockBoth(
  weights: Float32Array,
  [outputs = 1, inputs = 1, ...kernel]: readonly number[],
  block: number,
): { dims: number[]; values: Float32Array } {
  const taps = kernel.reduce((product, size) => product * size, 1)
  const dims = [blocked(outputs, block), blocked(inputs, block), ...kernel]
  const values = new Float32Array(blocked(outputs, block) * blocked(inputs, block) * taps)
  const row = inputs * taps
  let to = 0
  // In the order of the result: to write one behind another is up to three times faster than to read so.
  for (let outer = 0; outer < outputs; outer += block) {
    const count = Math.min(block, outputs - outer)
    for (let inner = 0; inner < inputs; inner += block) {
      const last = Math.min(inner + block, inputs)
      for (let tap = 0; tap < taps; tap++) {
        for (let i = inner; i < last; i++) {
          const from = outer * row + i * taps + tap
          for (let o = 0; o < count; o++) values[to + o] = weights[from + o * row] ?? 0
          to += block
        }
        to += (inner + block - last) * block
      }
    }
  }
  return { dims, values }
}

/** Weights [O, I, H, W] in the order [O/b, I, H, W, b of O]; missing channels are 0. */
export function blockOutputs(
  weights: Float32Array,
  [outputs = 1, ...rest]: readonly number[],
  block: number,
): { dims: number[]; values: Float32Array } {
  const size = rest.reduce((product, length) => product * length, 1)
  const dims = [blocked(outputs, block), ...rest]
  const values = new Float32Array((dims[0] ?? 1) * size)
  for (let o = 0; o < outputs; o++) {
    const to = Math.floor(o / block) * size * block + (o % block)
    for (let at = 0; at < size; at++) values[to + at * block] = weights[o * size + at] ?? 0
  }
  return { dims, values }
}

/** One number per channel; missing channels are 0. */
export function blockVector(vector: Float32Array, block: number): Float32Array {
  const values = new Float32Array(blocked(vector.length, block))
  values.set(vector)
  return values
}

/** A constant [N, C, H, W] in the order [N, C/b, H, W, b]; missing channels are 0. */
export function blockConstant(
  constant: Float32Array,
  [samples = 1, channels = 1, ...positions]: readonly number[],
  block: number,
): { dims: number[]; values: Float32Array } {
  const area = positions.reduce((product, size) => product * size, 1)
  const all = blocked(channels, block)
  const values = new Float32Array(samples * all * area)
  for (let row = 0; row < samples * channels; row++) {
    const channel = row % channels
    const first = Math.floor(row / channels) * all + channel - (channel % block)
    const to = first * area + (channel % block)
    for (let at = 0; at < area; at++) values[to + at * block] = constant[row * area + at] ?? 0
  }
  return { dims: [samples, all, ...positions], values }
}
