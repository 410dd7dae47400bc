/** The same numbers several times, one behind another. */
export function repeated(values: Float32Array, times: number): Float32Array {
  const all = new Float32Array(values.length * times)
  for (let at = 0; at < times; at++) all.set(values, at * values.length)
  return all
}
