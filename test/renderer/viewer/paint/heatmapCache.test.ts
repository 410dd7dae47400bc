import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createHeatmapCache } from '../../../../src/renderer/viewer/paint/heatmapCache'
import type { ViewerHeatmap } from '../../../../src/renderer/viewer/types'

const paint = { colourMap: 'blue-white-red', range: 1, threshold: 0, sign: 'both' } as const

function heatmap(width: number, height: number, value = 1): ViewerHeatmap {
  return {
    values: new Float32Array(width * height).fill(value),
    width,
    height,
    region: { x: 0, y: 0, width, height },
    className: 'gland',
  }
}

/** What was painted: the last bytes put on a canvas, and how often. */
let puts: Uint8ClampedArray[] = []

beforeEach(() => {
  puts = []
  vi.useFakeTimers()
  vi.stubGlobal(
    'ImageData',
    class {
      constructor(readonly data: Uint8ClampedArray) {}
    },
  )
  const context = { putImageData: ({ data }: { data: Uint8ClampedArray }) => puts.push(data) }
  const createElement = () => ({ width: 0, height: 0, getContext: () => context })
  vi.stubGlobal('document', { createElement })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('the painted heatmap', () => {
  it('is painted when the numbers or the colours change, and only then', () => {
    const changed = vi.fn()
    const cache = createHeatmapCache(changed)
    const first = heatmap(4, 2)
    cache.update(first, paint)
    cache.update(first, { ...paint })
    expect(puts).toHaveLength(1)
    expect([...(puts[0]?.slice(0, 4) ?? [])]).toEqual([255, 0, 0, 255])
    cache.update(first, { ...paint, sign: 'negative' })
    expect(puts[1]?.every((byte, index) => index % 4 !== 3 || byte === 0)).toBe(true)
    cache.update(heatmap(4, 2, -1), paint)
    expect([...(puts[2]?.slice(0, 4) ?? [])]).toEqual([0, 0, 255, 255])
    expect(changed).toHaveBeenCalledTimes(3)
  })

  it('moves without painting when only its place changes', () => {
    const cache = createHeatmapCache(() => undefined)
    const first = heatmap(4, 2)
    cache.update(first, paint)
    const region = { x: 7, y: 7, width: 64, height: 64 }
    cache.update({ ...first, region }, paint)
    expect(puts).toHaveLength(1)
    expect(cache.painted()?.heatmap.region).toEqual(region)
  })

  it('keeps the old one until a large one is ready, and drops one that is overtaken', () => {
    const cache = createHeatmapCache(() => undefined)
    const small = heatmap(4, 2)
    cache.update(small, paint)
    const large = heatmap(3000, 2000)
    cache.update(large, paint)
    expect(cache.painted()?.heatmap).toBe(small)
    vi.runAllTimers()
    expect(cache.painted()?.heatmap).toBe(large)
    const last = puts.at(-1)
    expect(last?.[last.length - 1]).toBe(255)

    cache.update(large, { ...paint, threshold: 0.5 })
    cache.update(small, paint)
    vi.runAllTimers()
    expect(cache.painted()?.heatmap).toBe(small)
    expect(puts).toHaveLength(3)
  })

  it('is gone when there is no heatmap, and after dispose is painted anew', () => {
    const cache = createHeatmapCache(() => undefined)
    const first = heatmap(4, 2)
    cache.update(first, paint)
    cache.update(null, paint)
    expect(cache.painted()).toBeNull()
    cache.update(first, paint)
    cache.dispose()
    cache.update(first, paint)
    expect(cache.painted()).not.toBeNull()
  })
})
