import { describe, expect, test } from 'vitest'
import { compiledNames } from '../../../../src/engine/lrp/compile'
import { intOf } from '../../../../src/engine/onnx/attributes'
import { withBlockedLayout } from '../../../../src/engine/onnx/blocked/blockedLayout'
import { blockSize } from '../../../../src/engine/onnx/blocked/blockSize'
import { winogradWeights } from '../../../../src/engine/onnx/blocked/winogradWeights'
import type { Model } from '../../../../src/engine/onnx/model'
import type { Feeds } from '../../../../src/engine/onnx/ortSession'
import { floatFeed } from '../../../../src/engine/onnx/runtime'
import { noise } from '../../lrp/support/smallNetwork'
import { sizeOf } from '../../reference/ndArray'
import { residual } from './residualNetwork'
import { compiledFor, feedsFor, relativeError, runAsItIs, shapesOf } from './run'
import { SmallGraph } from './smallGraph'

const block = await blockSize()

/** The grouped convolutions that make the 36 products. */
function products({ graph }: Model): number {
  return graph.nodes.filter((node) => node.operator === 'Conv' && intOf(node, 'group', 1) === 36)
    .length
}

describe('G w Gᵀ', () => {
  test('of a kernel that is 1 in the middle', () => {
    // G (0, 1, 0)ᵀ = p / F(p) = v: −3/4 · 128/243 = −32/81 at 3/4, 3/2 · 32/243 = 16/81 at 3/2. Only the middle column
    // of the kernel is not 0, so G w = v (0, 1, 0) and G w Gᵀ = v vᵀ.
    const v = [0, -32 / 81, 32 / 81, 16 / 81, -16 / 81, 0]
    const { dims, values } = winogradWeights(Float32Array.of(0, 0, 0, 0, 1, 0, 0, 0, 0), 1, 1, 1)
    expect(dims).toEqual([36, 1, 1, 1])
    expect([...values]).toEqual(v.flatMap((a) => v.map((b) => a * b)).map(closeTo))
  })

  test('of a kernel of ones', () => {
    // (1 + p + p²) / F(p): 1 + 3/4 + 9/16 = 37/16, 1 − 3/4 + 9/16 = 13/16, 1 + 3/2 + 9/4 = 19/4, 1 − 3/2 + 9/4 = 7/4
    const v = [64 / 81, (-128 / 243) * (37 / 16), (-128 / 243) * (13 / 16), (32 / 243) * (19 / 4), (32 / 243) * (7 / 4), 1] // prettier-ignore
    const { values } = winogradWeights(new Float32Array(9).fill(1), 1, 1, 1)
    expect([...values]).toEqual(v.flatMap((a) => v.map((b) => a * b)).map(closeTo))
  })

  test('of a corner, which is not symmetric', () => {
    // w = 1 at row 0, column 2: 1 / F(p) down, p² / F(p) across.
    const down = [64 / 81, -128 / 243, -128 / 243, 32 / 243, 32 / 243, 0]
    const across = [0, -8 / 27, -8 / 27, 8 / 27, 8 / 27, 1]
    const { values } = winogradWeights(Float32Array.of(0, 0, 1, 0, 0, 0, 0, 0, 0), 1, 1, 1)
    expect([...values]).toEqual(down.flatMap((a) => across.map((b) => a * b)).map(closeTo))
  })

  test('in blocks of 2: place, block of outputs, block of inputs, input, output', () => {
    // w[o][i] is 1 + 4o + i in the middle; place 7 = (1, 1) then has (1 + 4o + i) · (32/81)².
    const weights = new Float32Array(4 * 4 * 9)
    for (let o = 0; o < 4; o++) {
      for (let i = 0; i < 4; i++) weights[(o * 4 + i) * 9 + 4] = 1 + 4 * o + i
    }
    const { values } = winogradWeights(weights, 4, 4, 2)
    const place = [...values.subarray(7 * 16, 8 * 16)].map((value) =>
      Math.round((value * 81 ** 2) / 32 ** 2),
    )
    // prettier-ignore
    expect(place).toEqual([
      1, 5, 2, 6, // outputs 0 and 1 of inputs 0 and 1
      3, 7, 4, 8, // … of inputs 2 and 3
      9, 13, 10, 14, // outputs 2 and 3
      11, 15, 12, 16,
    ])
  })
})

interface Attributes {
  readonly kernel_shape?: readonly number[]
}

function positive(feeds: Feeds): Feeds {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { data, dims }]) => [
      name,
      floatFeed(Float32Array.from(data as Float32Array, Math.abs), dims),
    ]),
  )
}

function closeTo(value: number): unknown {
  return expect.closeTo(value, 7)
}

describe.skipIf(block === 1)('in a graph (skipped where no kernels take blocks)', () => {
  const cases = [
    { name: 'whole tiles', dims: [1, 128, 16, 16], pads: [1, 1, 1, 1] },
    { name: 'tiles that hang over', dims: [1, 128, 14, 18], pads: [1, 1, 1, 1] },
    { name: 'no padding', dims: [1, 128, 19, 17], pads: [0, 0, 0, 0] },
    { name: 'wide padding', dims: [1, 128, 14, 15], pads: [2, 2, 2, 2] },
    { name: 'another padding at each side', dims: [1, 128, 15, 18], pads: [0, 1, 2, 3] },
    { name: 'three samples', dims: [3, 128, 9, 12], pads: [1, 1, 1, 1] },
    { name: 'more outputs than inputs', dims: [2, 128, 12, 12], pads: [1, 1, 1, 1], outputs: 160 },
  ]
  test.each(cases)('$name', async ({ dims, pads, outputs = 128 }) => {
    const graph = new SmallGraph()
    const weights = graph.floats([outputs, 128, 3, 3], noise(7, outputs * 128 * 9).map(Math.abs))
    const made = graph.node('Conv', [graph.input(...dims), weights], { pads })
    const model = graph.model([made])
    const after = withBlockedLayout(model, await shapesOf(graph), block, new Set([made]))
    expect(products(after)).toBe(1)
    for (const [feeds, bound] of [
      [positive(feedsFor(model)), 3e-7],
      [feedsFor(model), 2.5e-6],
    ] as const) {
      const plain = await runAsItIs(model, feeds, 'disabled')
      const blocked = await runAsItIs(after, feeds, 'all')
      expect(blocked.get(made)?.dims).toEqual(plain.get(made)?.dims)
      const error = relativeError(blocked.get(made)?.values ?? [], plain.get(made)?.values ?? [])
      expect(error).toBeLessThanOrEqual(bound)
    }
  })

  test.each([
    { name: 'one that relevance does not go back through', isAdjoint: false },
    { name: 'few channels', channels: 64 },
    { name: 'few tiles', side: 12 },
    { name: 'tiles that mostly hang over', side: 17 },
    { name: 'weights of both signs', signed: true },
    { name: 'a bias', biased: true },
    { name: 'a stride', attributes: { strides: [2, 2] }, side: 40 },
    { name: 'a dilation', attributes: { dilations: [2, 2], pads: [2, 2, 2, 2] } },
    { name: 'a kernel of 5 × 5', attributes: { kernel_shape: [5, 5], pads: [2, 2, 2, 2] } },
  ])(
    'stays direct: $name',
    async ({
      isAdjoint = true,
      channels = 128,
      side = 16,
      biased = false,
      signed = false,
      attributes = {},
    }) => {
      const graph = new SmallGraph()
      const { kernel_shape: kernel = [3, 3] }: Attributes = attributes
      const dims = [128, channels, ...kernel]
      const numbers = noise(7, sizeOf(dims)).map((value) => (signed ? value : Math.abs(value)))
      const inputs = [graph.input(1, channels, side, side), graph.floats(dims, numbers)]
      if (biased) inputs.push(graph.weights([128]))
      const made = graph.node('Conv', inputs, { pads: [1, 1, 1, 1], ...attributes })
      const adjoints = new Set(isAdjoint ? [made] : [])
      const after = withBlockedLayout(graph.model([made]), await shapesOf(graph), block, adjoints)
      expect(products(after)).toBe(0)
    },
  )

  test('the forward pass and all denominators stay to the bit, relevance to 1e-6', async () => {
    const { model, shapes, adjoints } = await compiledFor(residual(128, 16), 'epsilon-plus-flat')
    const direct = withBlockedLayout(model, shapes, block)
    const tiled = withBlockedLayout(model, shapes, block, adjoints)
    // Back through the four convolutions of the two blocks; the one at the pixels is flat.
    expect([products(direct), products(tiled)]).toEqual([0, 4])
    const feeds = feedsFor(model)
    const [before, after] = [
      await runAsItIs(direct, feeds, 'all'),
      await runAsItIs(tiled, feeds, 'all'),
    ]
    const values = (of: typeof before, name: string): readonly number[] =>
      of.get(name)?.values ?? []
    expect(values(after, compiledNames.logits)).toEqual(values(before, compiledNames.logits))
    for (const name of [compiledNames.relevance, compiledNames.ledger]) {
      const error = relativeError(values(after, name), values(before, name))
      expect(error, name).toBeGreaterThan(0)
      expect(error, name).toBeLessThanOrEqual(1e-6)
    }
  })
})
