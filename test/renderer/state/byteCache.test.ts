import { describe, expect, it } from 'vitest'
import { createByteCache } from '../../../src/renderer/state/byteCache'

describe('the byte cache', () => {
  it('drops the least recently used beyond its budget, once each', () => {
    const dropped: number[] = []
    const cache = createByteCache<number>(
      10,
      (value) => value,
      (value) => dropped.push(value),
    )
    cache.set('a', 4)
    cache.set('b', 5)
    cache.get('a')
    cache.set('c', 3)
    expect(dropped).toEqual([5])
    expect(cache.get('b')).toBeUndefined()
    expect(cache.get('a')).toBe(4)
    expect(cache.size()).toBe(7)
  })

  it('keeps one value larger than the budget until the next comes', () => {
    const cache = createByteCache<number>(10, (value) => value)
    cache.set('huge', 50)
    expect(cache.get('huge')).toBe(50)
    cache.set('small', 2)
    expect(cache.get('huge')).toBeUndefined()
    expect(cache.size()).toBe(2)
  })

  it('disposes of a replaced value', () => {
    const dropped: number[] = []
    const cache = createByteCache<number>(
      10,
      (value) => value,
      (value) => dropped.push(value),
    )
    cache.set('a', 4)
    cache.set('a', 6)
    cache.clear()
    expect(dropped).toEqual([4, 6])
    expect(cache.size()).toBe(0)
  })
})
