import { describe, expect, test } from 'vitest'
import { ints } from '../../../../src/engine/onnx/attributes'
import { createExplainer, inspectGraph } from '../../../../src/engine/lrp/explainer'
import type { ExplainerOptions } from '../../../../src/engine/lrp/explainerTypes'
import { noise, SmallNetwork } from '../support/smallNetwork'
import {
  channelsLast,
  expectClose,
  explainOnce,
  linear,
  measure,
  reluNetwork,
  reluNetworkChannelsLast,
} from './small'

const method = 'occlusion'

describe('by hand, on a linear network', () => {
  test('squares side by side: Σ w (x − b) of a square, spread over it', async () => {
    // 2 × 4 pixels in two squares of 2 × 2; w = 1…8, x = 1 everywhere, b = 0.
    // Left: 1 + 2 + 5 + 6 = 14, right: 3 + 4 + 7 + 8 = 22; a quarter for each pixel.
    const bytes = linear([1, 2, 4], [[1, 2, 3, 4, 5, 6, 7, 8]], [0.5])
    const found = await explainOnce(
      bytes,
      { method, parameters: { patch: 2, stride: 2 } },
      Array<number>(8).fill(1),
      [1],
    )
    expectClose(found.relevance, [3.5, 3.5, 5.5, 5.5, 3.5, 3.5, 5.5, 5.5])
    expect(measure(found, 'score of the input')).toBeCloseTo(36.5, 5)
    expect(measure(found, 'score of the baseline')).toBeCloseTo(0.5, 5)
    expect(measure(found, 'sum of the drops')).toBeCloseTo(36, 5)
    expect(measure(found, 'what the squares do not add up to')).toBeCloseTo(0, 5)
    expect([...found.logits]).toEqual([36.5])
    expect(found.ledger).toBeNull()
  })

  test('overlapping squares: the mean over those that cover a pixel', async () => {
    // One row of 3, squares of 2 at 0 and 1 (one pixel high); w = (1, 2, 4), x = 1.
    // Drops 3 and 6, a pixel's shares 1.5 and 3: R = (1.5, (1.5 + 3)/2, 3); Σ R = 6.75, f(x) − f(0) = 7.
    const bytes = linear([1, 1, 3], [[1, 2, 4]], [0])
    const found = await explainOnce(
      bytes,
      { method, parameters: { patch: 2, stride: 1 } },
      [1, 1, 1],
      [1],
    )
    expectClose(found.relevance, [1.5, 2.25, 3])
    expect(measure(found, 'sum of the drops')).toBeCloseTo(9, 5)
    expect(measure(found, 'what the squares do not add up to')).toBeCloseTo(-0.25, 5)
  })

  test('a square is cut off at the border', async () => {
    // One row of 3, squares of 2 at 0 and 2: drops 1 + 2 = 3 over two pixels, 4 over one.
    const bytes = linear([1, 1, 3], [[1, 2, 4]], [0])
    const found = await explainOnce(
      bytes,
      { method, parameters: { patch: 2, stride: 2 } },
      [1, 1, 1],
      [1],
    )
    expectClose(found.relevance, [1.5, 1.5, 4])
  })

  test('channels are covered together and share alike', async () => {
    // Two channels of 1 × 2, squares of one pixel; w = (1, 2 | 4, 8), x = (1, 1 | 1, 1), b = mean = x: nothing changes.
    const bytes = linear([2, 1, 2], [[1, 2, 4, 8]], [0])
    const same = await explainOnce(
      bytes,
      { method, parameters: { patch: 1, baseline: 'mean' } },
      [1, 1, 1, 1],
      [1],
    )
    expectClose(same.relevance, [0, 0, 0, 0])
    // b = 0: drops 1 + 4 and 2 + 8, half for each channel.
    const found = await explainOnce(bytes, { method, parameters: { patch: 1 } }, [1, 1, 1, 1], [1])
    expectClose(found.relevance, [2.5, 5, 2.5, 5])
  })

  test('another baseline, and a class held against another', async () => {
    // f = z₀ − z₁ with w = (1, 2) − (3, 5) = (−2, −3), x = (1, 2), b = 4: drops −2·(1 − 4) = 6 and −3·(2 − 4) = 6.
    const bytes = linear(
      [1, 1, 2],
      [
        [1, 2],
        [3, 5],
      ],
      [0, 0],
    )
    const found = await explainOnce(
      bytes,
      { method, parameters: { patch: 1, baseline: 'high', high: 4 } },
      [1, 2],
      [1, -1],
    )
    expectClose(found.relevance, [6, 6], 1e-5)
    expect([...found.startRelevance]).toEqual([0])
  })
})

describe('on a network', () => {
  const { bytes } = reluNetwork()
  const input = noise(9, 72)

  test('squares of one pixel: every number replaced by hand', async () => {
    const found = await explainOnce(bytes, { method, parameters: { patch: 1 } }, input, [1, 0, 0])
    const logitOf = async (values: Float32Array) =>
      (await explainOnce(bytes, { method: 'gradient' }, values, [1, 0, 0])).logits[0] ?? NaN
    const whole = await logitOf(input)
    for (const pixel of [0, 7, 35]) {
      const without = input.map((value, at) => (at % 36 === pixel ? 0 : value))
      const drop = whole - (await logitOf(without))
      expect(found.relevance[pixel]).toBeCloseTo(drop / 2, 5)
      expect(found.relevance[36 + pixel]).toBeCloseTo(drop / 2, 5)
    }
  })

  test('channels last', async () => {
    const parameters = { patch: 3, stride: 2, baseline: 'mean' } as const
    const first = await explainOnce(bytes, { method, parameters }, input, [0, 1, 0])
    const last = await explainOnce(
      reluNetworkChannelsLast(),
      { method, parameters, layout: 'NHWC' },
      channelsLast(input, 2),
      [0, 1, 0],
    )
    expectClose(last.relevance, channelsLast(first.relevance, 2), 2e-6)
  })

  test('a square as large as the picture is one drop, the same everywhere', async () => {
    const found = await explainOnce(bytes, { method, parameters: { patch: 6 } }, input, [0, 0, 1])
    const drop = measure(found, 'score of the input') - measure(found, 'score of the baseline')
    expectClose(found.relevance, Array<number>(72).fill(drop / 72))
  })

  test('squares are an eighth of the picture, half overlapping, when nothing is said', async () => {
    const wide = linear([1, 32, 40], [[...noise(1, 1280)]], [0])
    const options: ExplainerOptions = { method, parameters: {}, start: 'unit', batch: 1 }
    const explainer = await createExplainer(wide, options)
    const told: [number, number][] = []
    await explainer.run(noise(2, 1280), Float32Array.of(1), (done, total) =>
      told.push([done, total]),
    )
    await explainer.release()
    const said = new Map(explainer.conventions.map(({ name, value }) => [name, value]))
    // 4 px, 2 apart: 15 rows of 19.
    expect(said.get('squares')).toBe('285 of 4×4 px, 2 px apart, cut off at the border')
    expect(told.at(-1)).toEqual([287, 287])
  })
})

describe('what it needs', () => {
  test('no rule and no derivative', async () => {
    // det ((a, b), (c, d)) = a d − b c: without a or d the drop is a d, without b or c −b c.
    const net = new SmallNetwork([1, 2, 2])
    const bytes = net.finish(net.node('Det', ['input']))
    await expect(explainOnce(bytes, { method: 'gradient' }, [2, 3, 5, 7], [1])).rejects.toThrow(
      /Det/,
    )
    const found = await explainOnce(bytes, { method, parameters: { patch: 1 } }, [2, 3, 5, 7], [1])
    expectClose(found.relevance, [14, -15, -15, 14], 1e-5)
    expect((await inspectGraph(bytes, 'gradient')).coverage.supported).toBe(false)
    expect((await inspectGraph(bytes, 'occlusion')).coverage.supported).toBe(true)
  })

  test('a model written for one sample at a time', async () => {
    const net = new SmallNetwork([1, 2, 2])
    const flat = net.node('Reshape', ['input', net.integers('shape', [1, 4])])
    const z = net.node('MatMul', [flat, net.floats('w', [4, 1], [1, 2, 3, 4])])
    const found = await explainOnce(
      net.finish(z),
      { method, parameters: { patch: 1 } },
      [1, 1, 1, 1],
      [1],
    )
    expectClose(found.relevance, [1, 2, 3, 4])
  })

  test('a picture', async () => {
    await expect(explainOnce(linear([4], [[1, 2, 3, 4]], [0]), { method }, [1, 1, 1, 1], [1])).rejects.toThrow(/is none/) // prettier-ignore
  })

  test('squares without gaps between them', async () => {
    const bytes = linear([1, 8, 8], [[...noise(1, 64)]], [0])
    await expect(
      explainOnce(bytes, { method, parameters: { stride: 2 } }, noise(2, 64), [1]),
    ).rejects.toThrow(/Squares of 1 px, 2 px apart, leave pixels/)
  })

  test('a fixed batch is kept', async () => {
    const net = new SmallNetwork([1, 2, 2])
    const pooled = net.node('AveragePool', ['input'], { kernel_shape: ints([2, 2]) })
    const bytes = net.finish(net.node('Flatten', [pooled]))
    const found = await explainOnce(bytes, { method, parameters: { patch: 1 } }, [4, 8, 0, 2], [1])
    expectClose(found.relevance, [1, 2, 0, 0.5])
  })
})
