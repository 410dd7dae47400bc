export function summed(
  values: ArrayLike<number>,
  of: (value: number, at: number) => number = (value) => value,
): number {
  let sum = 0
  for (let at = 0; at < values.length; at++) sum += of(values[at] ?? Number.NaN, at)
  return sum
}
