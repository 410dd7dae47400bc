import type { Measure } from '../lrp/explainerTypes'

/** The means over samples of what a method states of each. */
export interface MeasureMeans {
  add(measures: readonly Measure[]): void
  mean(): Measure[]
  /** For the conventions, where it is said that they are means. */
  words(): { name: string; value: string }[]
}

/** @param count samples. */
export function measureMeans(count: number): MeasureMeans {
  const sums = new Map<string, number>()
  const mean = (): Measure[] => [...sums].map(([name, sum]) => ({ name, value: sum / count }))
  return {
    add(measures) {
      for (const { name, value } of measures) sums.set(name, (sums.get(name) ?? 0) + value)
    },
    mean,
    words: () =>
      mean().map(({ name, value }) => ({
        name,
        value: `${Number(value.toPrecision(6))}${count > 1 ? ` (mean over ${count} tiles)` : ''}`,
      })),
  }
}
