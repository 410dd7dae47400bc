/** Answers whether something may be tried again: at most `most` times within `milliseconds`. */
export function createLimit(
  most: number,
  milliseconds: number,
  now: () => number,
): { readonly tryAgain: () => boolean } {
  let times: readonly number[] = []
  return {
    tryAgain() {
      const time = now()
      times = times.filter((earlier) => time - earlier < milliseconds)
      if (times.length >= most) return false
      times = [...times, time]
      return true
    },
  }
}
