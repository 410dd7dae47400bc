/**
 * A picture with structure at several sizes, so that even pooled features tell two of them apart:
 * waves of random direction and length, different in every channel, and a little noise.
 * @param dims [1, C, H, W] or [1, H, W, C], which `channelsLast` tells.
 */
export function picture(
  seed: number,
  dims: readonly number[],
  channelsLast: boolean,
): Float32Array {
  const [, first = 1, second = 1, third = 1] = dims
  const [channels, height, width] = channelsLast ? [third, first, second] : [first, second, third]
  let state = seed
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  random()
  const values = new Float32Array(channels * height * width)
  for (let c = 0; c < channels; c++) {
    const waves = Array.from({ length: 3 }, () => ({
      across: (random() - 0.5) * 1.2,
      down: (random() - 0.5) * 1.2,
      phase: random() * 2 * Math.PI,
    }))
    const level = random() - 0.5
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const sum = waves.reduce(
          (total, { across, down, phase }) => total + Math.sin(across * x + down * y + phase),
          level,
        )
        const at = channelsLast ? (y * width + x) * channels + c : (c * height + y) * width + x
        values[at] = 0.6 * sum + 0.2 * (random() - 0.5)
      }
    }
  }
  return values
}
