/**
 * Tiles of this many pixels in all make one batch. Measured on two cores with the IHC sample: one tile
 * costs the same in batches of 1 to 8 and more in larger ones, whose activations leave the cache; and a
 * batch is the step in which progress is told.
 */
const pixelsPerBatch = 4 * 64 * 64

/** How many samples are run at once; 1 for a single sample. */
export function batchSize(
  count: number,
  sample: { readonly width: number; readonly height: number },
): number {
  if (count === 1) return 1
  const fitting = Math.floor(pixelsPerBatch / (sample.width * sample.height))
  return Math.min(16, Math.max(1, fitting))
}

export interface Batch {
  readonly first: number
  /** Samples that count; the batch is filled up with copies of the last one. */
  readonly used: number
  readonly input: Float32Array
}

/** The batches of `count` samples, all of one size, since a session is compiled for one size. */
export function* batches(
  count: number,
  size: number,
  sampleSize: number,
  fill: (index: number, out: Float32Array) => void,
): Generator<Batch> {
  for (let first = 0; first < count; first += size) {
    const input = new Float32Array(size * sampleSize)
    const used = Math.min(size, count - first)
    for (let k = 0; k < used; k++)
      fill(first + k, input.subarray(k * sampleSize, (k + 1) * sampleSize))
    const last = input.subarray((used - 1) * sampleSize, used * sampleSize)
    for (let k = used; k < size; k++) input.set(last, k * sampleSize)
    yield { first, used, input }
  }
}
