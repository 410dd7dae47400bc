import { describe, expect, it } from 'vitest'
import { savingDelay } from '../../../src/renderer/components/savingDelay'

describe('when a draft is saved', () => {
  it('is after a pause of 600 ms, and two seconds after the first letter at the latest', () => {
    expect(savingDelay(1000, 1000)).toBe(600)
    expect(savingDelay(1000, 2400)).toBe(600)
    // 2.8 s: 3 s is the latest.
    expect(savingDelay(1000, 2800)).toBe(200)
    expect(savingDelay(1000, 9000)).toBe(0)
  })

  it('keeps up with somebody who types a letter every 100 ms without end', () => {
    let since = 0
    let saveAt = 0
    let longest = 0
    for (let now = 0; now < 10_000; now += 100) {
      if (saveAt > 0 && saveAt <= now) {
        longest = Math.max(longest, saveAt - since)
        since = now
      }
      saveAt = now + savingDelay(since, now)
    }
    expect(longest).toBe(2000)
  })
})
