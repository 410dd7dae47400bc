import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openingBounds, readWindowState, writeWindowState } from '../../../src/main/window/bounds'
import { createLimit } from '../../../src/main/window/recovery'

const screen = { x: 0, y: 0, width: 1920, height: 1040 }
const second = { x: 1920, y: 0, width: 1280, height: 984 }
const at = (x: number, y: number, width = 1200, height = 800) => ({
  bounds: { x, y, width, height },
  maximised: false,
})

describe('openingBounds', () => {
  it('opens at the default size, placed by the system, the first time', () => {
    expect(openingBounds(null, [screen])).toEqual({ width: 1440, height: 900 })
  })

  it('shrinks the default to a small screen, but not below the smallest size', () => {
    expect(openingBounds(null, [{ ...screen, width: 1280, height: 720 }])).toEqual({
      width: 1280,
      height: 720,
    })
    expect(openingBounds(null, [{ ...screen, width: 800, height: 600 }])).toEqual({
      width: 1024,
      height: 700,
    })
  })

  it('opens where it was left, also on the second screen', () => {
    expect(openingBounds(at(2000, 50), [screen, second])).toEqual(at(2000, 50).bounds)
  })

  it('forgets a place on a screen that has been unplugged', () => {
    expect(openingBounds(at(2000, 50), [screen])).toEqual({ width: 1440, height: 900 })
  })

  it.each([
    ['above the screen', at(0, -300)],
    ['below it', at(0, 1030)],
    ['a strip at the right', at(1900, 10)],
  ])('forgets a place out of reach: %s', (_what, state) => {
    expect(openingBounds(state, [screen])).toEqual({ width: 1440, height: 900 })
  })
})

describe('the window state file', () => {
  it('comes back as written, and null when missing or damaged', () => {
    const folder = mkdtempSync(join(tmpdir(), 'window-'))
    const file = join(folder, 'window.json')
    expect(readWindowState(file)).toBeNull()
    writeWindowState(file, at(5, 6))
    expect(readWindowState(file)).toEqual(at(5, 6))
    writeFileSync(file, '{"bounds":{"x":"a"}}')
    expect(readWindowState(file)).toBeNull()
    writeFileSync(file, '{"bou')
    expect(readWindowState(file)).toBeNull()
    rmSync(folder, { recursive: true })
    // A folder that is gone is no reason to fail.
    writeWindowState(file, at(5, 6))
  })
})

describe('createLimit', () => {
  it('allows so many tries within the time, and more when it has passed', () => {
    let now = 0
    const limit = createLimit(3, 1000, () => now)
    expect([1, 2, 3, 4].map(() => limit.tryAgain())).toEqual([true, true, true, false])
    now = 999
    expect(limit.tryAgain()).toBe(false)
    now = 1000
    expect(limit.tryAgain()).toBe(true)
  })
})
