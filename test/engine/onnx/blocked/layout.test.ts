import { describe, expect, test } from 'vitest'
import { blockedDomain, blockSize } from '../../../../src/engine/onnx/blocked/blockSize'
import { inListedOrder } from '../../../../src/engine/onnx/runOrder'
import { convolutions } from './cases/convolutions'
import { elementwise } from './cases/elementwise'
import { joins } from './cases/joins'
import { pooling } from './cases/pooling'
import { sums } from './cases/sums'
import { transposed } from './cases/transposed'
import type { LayoutCase } from './layoutCase'
import { feedsFor, relativeError, rewritten, runAsItIs, shapesOf } from './run'
import { SmallGraph } from './smallGraph'

const block = await blockSize()

/** Sums of a few hundred terms in another order. */
const bound = 1e-6

const tables: Readonly<Record<string, readonly LayoutCase[]>> = {
  convolutions,
  elementwise,
  joins,
  pooling,
  sums,
  transposed,
}

describe.skipIf(block === 1)('graphs in blocks (skipped where no kernels take them)', () => {
  describe.each(Object.entries(tables))('%s', (_, cases) => {
    test.each(cases)('$name', async ({ write, inBlocks, outOf }) => {
      const graph = new SmallGraph()
      const model = graph.model(write(graph, block))
      const shapes = await shapesOf(graph)
      const feeds = feedsFor(model)
      const plain = await runAsItIs(model, feeds, 'disabled')
      const after = rewritten(model, shapes, block)

      expect(after.inBlocks.join(' ')).toBe(inBlocks)
      const isBlocked = after.model.graph.nodes.some(({ domain }) => domain === blockedDomain)
      if (inBlocks === '' && outOf === undefined) expect(isBlocked).toBe(false)
      else expect(isBlocked).toBe(true)
      if (outOf !== undefined) expect(after.outOf).toBe(outOf)

      for (const [order, its] of [
        ['as written', after.model],
        ['in listed order', inListedOrder(after.model)],
      ] as const) {
        for (const optimise of ['all', 'disabled'] as const) {
          const blocked = await runAsItIs(its, feeds, optimise)
          expect([...blocked.keys()].toSorted()).toEqual([...plain.keys()].toSorted())
          for (const [name, { dims, values }] of plain) {
            const ours = blocked.get(name)
            expect(ours?.dims, name).toEqual(dims)
            const error = relativeError(ours?.values ?? [], values)
            expect(error, `${name}, ${order}, ${optimise}`).toBeLessThanOrEqual(bound)
          }
        }
      }
    })
  })
})
