/** `interactive`: someone is looking at the place where the answer will appear. */
export type Priority = 'interactive' | 'background'

/** First come, first served, but what someone waits for goes before imports. */
export interface Queue<T> {
  readonly add: (item: T, priority: Priority) => void
  readonly take: () => T | undefined
  /** Returns whether it was still waiting. */
  readonly remove: (item: T) => boolean
  readonly drain: () => readonly T[]
  readonly size: () => number
}

export function createQueue<T>(): Queue<T> {
  const lanes: Record<Priority, T[]> = { interactive: [], background: [] }
  return {
    add(item, priority) {
      lanes[priority].push(item)
    },
    take: () => lanes.interactive.shift() ?? lanes.background.shift(),
    remove(item) {
      for (const lane of [lanes.interactive, lanes.background]) {
        const index = lane.indexOf(item)
        if (index < 0) continue
        lane.splice(index, 1)
        return true
      }
      return false
    },
    drain: () => [...lanes.interactive.splice(0), ...lanes.background.splice(0)],
    size: () => lanes.interactive.length + lanes.background.length,
  }
}
