import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { batches, batchSize } from '../../../src/engine/inference/batches'

describe('batches', () => {
  it('visits every sample once and fills the last batch with copies of the last sample', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 16 }),
        (count, size) => {
          const seen: number[] = []
          for (const { first, used, input } of batches(count, size, 2, (index, out) =>
            out.fill(index, 0, 2),
          )) {
            expect(input).toHaveLength(size * 2)
            expect(first).toBe(seen.length)
            for (let k = 0; k < used; k++) seen.push(input[k * 2] ?? -1)
            for (let k = used; k < size; k++) expect(input[k * 2]).toBe(count - 1)
          }
          expect(seen).toEqual(Array.from({ length: count }, (_, i) => i))
        },
      ),
    )
  })

  it('are smaller for larger samples, and 1 for a single one', () => {
    expect(batchSize(1, { width: 8, height: 8 })).toBe(1)
    expect(batchSize(841, { width: 8, height: 8 })).toBe(16)
    expect(batchSize(841, { width: 64, height: 64 })).toBe(4)
    expect(batchSize(841, { width: 128, height: 128 })).toBe(1)
    expect(batchSize(841, { width: 512, height: 512 })).toBe(1)
  })
})
