/** Keeps the most recently used values whose sizes add up to at most a budget. */
export interface ByteCache<V> {
  readonly get: (key: string) => V | undefined
  readonly set: (key: string, value: V) => void
  readonly clear: () => void
  /** Bytes. */
  readonly size: () => number
}

/**
 * @param budget bytes; a single value larger than that is kept until the next one comes
 * @param dispose called once for every value that leaves
 */
export function createByteCache<V>(
  budget: number,
  sizeOf: (value: V) => number,
  dispose: (value: V) => void = () => undefined,
): ByteCache<V> {
  // A Map iterates in insertion order: the first key is the least recently used.
  const values = new Map<string, V>()
  let total = 0

  function drop(key: string, value: V): void {
    values.delete(key)
    total -= sizeOf(value)
    dispose(value)
  }

  return {
    get: (key) => {
      const value = values.get(key)
      if (value === undefined) return undefined
      values.delete(key)
      values.set(key, value)
      return value
    },
    set: (key, value) => {
      const before = values.get(key)
      if (before !== undefined) drop(key, before)
      values.set(key, value)
      total += sizeOf(value)
      for (const [oldest, old] of values) {
        if (total <= budget || values.size === 1) break
        drop(oldest, old)
      }
    },
    clear: () => {
      for (const [key, value] of values) drop(key, value)
    },
    size: () => total,
  }
}
