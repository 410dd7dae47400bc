/**
 * The smallest of the values that at least `share` of them do not exceed (nearest rank).
 * Reorders `values` (quickselect, linear time on average).
 * @param share 0…1
 * @returns 0 when there are no values. Values must not be NaN.
 */
export function quantileInPlace(values: Float32Array, share: number): number {
  if (values.length === 0) return 0
  const rank = Math.min(values.length - 1, Math.max(0, Math.ceil(share * values.length) - 1))
  let low = 0
  let high = values.length - 1
  while (low < high) {
    const pivot = medianOfThree(values, low, high)
    let left = low
    let right = high
    while (left <= right) {
      while (at(values, left) < pivot) left += 1
      while (at(values, right) > pivot) right -= 1
      if (left > right) break
      const kept = at(values, left)
      values[left] = at(values, right)
      values[right] = kept
      left += 1
      right -= 1
    }
    if (rank <= right) high = right
    else if (rank >= left) low = left
    else break
  }
  return at(values, rank)
}

function at(values: Float32Array, index: number): number {
  return values[index] ?? 0
}

function medianOfThree(values: Float32Array, low: number, high: number): number {
  const a = at(values, low)
  const b = at(values, (low + high) >> 1)
  const c = at(values, high)
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
}
