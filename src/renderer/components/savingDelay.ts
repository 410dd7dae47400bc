const pauseMs = 600
const longestMs = 2000

/**
 * Milliseconds until a draft is saved: after a pause in typing, but never later than two seconds
 * after its first unsaved letter, so that somebody who types without a pause loses no more than that.
 * @param since when the first unsaved letter was typed. @param now both in milliseconds of one clock.
 */
export function savingDelay(since: number, now: number): number {
  return Math.max(0, Math.min(pauseMs, since + longestMs - now))
}
