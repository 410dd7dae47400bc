import { describe, expect, test } from 'vitest'
import { blockedDomain, blockSize } from '../../../../src/engine/onnx/blocked/blockSize'
import type { Node } from '../../../../src/engine/onnx/model'
import type { MethodName } from '../../../../src/shared/explanation/method'
import { residual } from './residualNetwork'
import { compiledFor, feedsFor, relativeError, rewritten, runAsItIs } from './run'

const block = await blockSize()
const methods: readonly MethodName[] = [
  'epsilon-plus-flat',
  'epsilon',
  'epsilon-alpha2-beta1',
  'gradient',
]

/** All that depends on some values. */
function readersOf(nodes: readonly Node[], ...values: readonly string[]): Node[] {
  const reached = new Set(values)
  return nodes.filter(({ inputs, outputs }) => {
    const reads = inputs.some((input) => reached.has(input))
    if (reads) for (const output of outputs) reached.add(output)
    return reads
  })
}

describe.skipIf(block === 1)('a residual network (skipped where no kernels take blocks)', () => {
  test.each(methods)('%s: nothing changes the order between convolutions', async (method) => {
    const { model, shapes } = await compiledFor(residual(2 * block, 8), method)
    const after = rewritten(model, shapes, block)
    const { nodes } = after.model.graph
    const isConvolution = (node: Node): boolean =>
      node.domain === blockedDomain && node.operator === 'Conv'
    // Four of the blocks and the first, forwards; back through four at the least.
    expect(nodes.filter(isConvolution).length).toBeGreaterThanOrEqual(9)
    // What the last pooling hands back to each position goes into blocks, and nothing after it.
    const into = nodes.filter(({ operator }) => operator === 'ReorderInput')
    const makers = into.map(({ inputs: [value] }) =>
      nodes.find(({ outputs }) => outputs.includes(value ?? '')),
    )
    expect(makers.map((node) => node?.operator)).toEqual(['Expand'])
    // Pixels have three channels: what arrives at them comes out, for each sign, and no convolution of
    // whole blocks reads it.
    const outOf = nodes.filter(({ operator }) => operator === 'ReorderOutput')
    const channels = ({ inputs: [, weights = ''] }: Node): number =>
      after.model.graph.initializers.get(weights)?.dims[1] ?? Number.NaN
    for (const { outputs } of outOf) {
      const readers = readersOf(nodes, ...outputs).filter(isConvolution)
      expect(readers.map(channels).filter((count) => !(count < block))).toEqual([])
    }
    expect(outOf.length).toBeLessThanOrEqual(2)

    const feeds = feedsFor(model)
    const plain = await runAsItIs(model, feeds, 'disabled')
    const blocked = await runAsItIs(after.model, feeds, 'all')
    for (const [name, { values }] of plain)
      expect(relativeError(blocked.get(name)?.values ?? [], values), name).toBeLessThanOrEqual(1e-5)
  })
})
