import { readFileSync } from 'node:fs'

/** Reads a float32 or float64 .npy golden; deliberately not the application's reader. */
export function readNpy(path: string): { shape: number[]; values: Float64Array } {
  const bytes = readFileSync(path)
  const length = bytes.readUInt16LE(8)
  const header = bytes.toString('latin1', 10, 10 + length)
  const shape = (/'shape': \(([^)]*)\)/.exec(header)?.[1] ?? '')
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number)
  const data = Uint8Array.from(bytes.subarray(10 + length)).buffer
  const values = header.includes('<f8')
    ? new Float64Array(data)
    : Float64Array.from(new Float32Array(data))
  return { shape, values }
}

/** ‖ours − golden‖ / ‖golden‖; ‖ours‖ where the golden is all zero. */
export function relativeL2(ours: ArrayLike<number>, golden: ArrayLike<number>): number {
  let difference = 0
  let norm = 0
  for (let i = 0; i < golden.length; i++) {
    difference += ((ours[i] ?? NaN) - (golden[i] ?? NaN)) ** 2
    norm += (golden[i] ?? NaN) ** 2
  }
  return Math.sqrt(norm === 0 ? difference : difference / norm)
}
