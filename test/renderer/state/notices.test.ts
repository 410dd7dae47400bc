import { describe, expect, it, vi } from 'vitest'
import { AppError } from '../../../src/shared/errors'
import { debounce } from '../../../src/renderer/state/debounce'
import { createNotices } from '../../../src/renderer/state/notices'

describe('notices', () => {
  it('say a repeated thing once and keep the last four', () => {
    const notices = createNotices()
    for (const word of ['a', 'b', 'c', 'd', 'e', 'e']) notices.tell(word)
    expect(notices.store.getState().notices.map(({ message }) => message)).toEqual([
      'b',
      'c',
      'd',
      'e',
    ])
  })

  it('are silent about what the user cancelled', () => {
    const notices = createNotices()
    notices.fail(new AppError('cancelled', 'Cancelled.'))
    expect(notices.store.getState().notices).toEqual([])
    notices.fail(new TypeError('x is not a function'))
    expect(notices.store.getState().notices[0]).toMatchObject({ tone: 'error', code: 'internal' })
  })
})

describe('debounce', () => {
  it('runs once after the last call, or at once when flushed', () => {
    vi.useFakeTimers()
    try {
      let runs = 0
      const work = debounce(() => (runs += 1), 400)
      work.soon()
      vi.advanceTimersByTime(399)
      work.soon()
      vi.advanceTimersByTime(399)
      expect(runs).toBe(0)
      vi.advanceTimersByTime(1)
      expect(runs).toBe(1)
      work.flush()
      expect(runs).toBe(1)
      work.soon()
      work.flush()
      vi.advanceTimersByTime(1000)
      expect(runs).toBe(2)
    } finally {
      vi.useRealTimers()
    }
  })
})
