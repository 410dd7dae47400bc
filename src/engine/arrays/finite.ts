/** Whether no value is infinite or NaN. x · 0 is 0 for every finite number and NaN for every other: one pass without branches. */
export function allFinite(values: Float32Array): boolean {
  let sum = 0
  const zero = 0
  for (const value of values) sum += value * zero
  return sum === 0
}
