import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { alphaBeta, zPlus } from '../../../../src/engine/lrp/rules/alphaBeta'
import { epsilon } from '../../../../src/engine/lrp/rules/epsilon'
import { flat } from '../../../../src/engine/lrp/rules/flat'
import { gamma } from '../../../../src/engine/lrp/rules/gamma'
import type { Rule } from '../../../../src/engine/lrp/rules/rule'
import { wSquare } from '../../../../src/engine/lrp/rules/wSquare'
import { zBox } from '../../../../src/engine/lrp/rules/zBox'
import { int, ints } from '../../../../src/engine/onnx/attributes'
import { relativeL2 } from '../../../support/npy'
import { applyRule } from '../support/applyRule'
import {
  matrixOf,
  outputSize,
  twinRelevance,
  twins,
  type ConvolutionCase,
} from '../support/slowTwin'
import { noise, SmallNetwork } from '../support/smallNetwork'
import { explained } from '../transformers/explained'

const rules: Record<string, Rule> = {
  epsilon: epsilon(0.01),
  zPlus,
  alpha2beta1: alphaBeta(2, 1),
  gamma: gamma(0.25),
  wSquare,
  flat,
  zBox: zBox([-2], [1.5]),
}

const side = fc.integer({ min: 1, max: 3 })
const pad = fc.integer({ min: 0, max: 2 })
/** The convolution that the transposed one is the adjoint of: its outputs are our inputs. */
const geometry: fc.Arbitrary<ConvolutionCase> = fc
  .record({
    group: fc.integer({ min: 1, max: 2 }),
    perGroupIn: fc.integer({ min: 1, max: 2 }),
    perGroupOut: fc.integer({ min: 1, max: 2 }),
    height: fc.integer({ min: 5, max: 8 }),
    width: fc.integer({ min: 5, max: 8 }),
    kernel: fc.tuple(side, side),
    strides: fc.tuple(side, side),
    dilations: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
    pads: fc.tuple(pad, pad, pad, pad),
  })
  .map(({ perGroupIn, perGroupOut, ...rest }) => ({
    ...rest,
    channels: perGroupIn * rest.group,
    outputs: perGroupOut * rest.group,
  }))

/** Away from zero, so that no denominator is ill-conditioned by chance. */
function numbers(seed: number, count: number, signed: boolean): number[] {
  return Array.from(noise(seed, 2 * count).subarray(count), (value) => {
    const size = 0.1 + Math.abs(value) * 0.9
    return signed && value < 0 ? -size : size
  })
}

/** Output padding: what the size of the output has more than the windows reach. */
function outputPadding(c: ConvolutionCase): [number, number] {
  const [oh, ow] = outputSize(c)
  const along = (size: number, out: number, axis: 0 | 1): number =>
    size -
    ((out - 1) * c.strides[axis] +
      c.dilations[axis] * (c.kernel[axis] - 1) +
      1 -
      c.pads[axis] -
      (c.pads[axis + 2] ?? 0))
  return [along(c.height, oh, 0), along(c.width, ow, 1)]
}

const turned = (matrix: readonly (readonly (number | null)[])[]): (number | null)[][] =>
  (matrix[0] ?? []).map((_, column) => matrix.map((row) => row[column] ?? null))

describe.each(Object.keys(rules))('%s on transposed convolutions', (name) => {
  test.each([true, false])('any geometry, inputs of either sign: %s', async (signed) => {
    const rule = rules[name]
    const twin = twins[name]
    if (!rule || !twin) throw new Error(name)
    await fc.assert(
      fc.asyncProperty(geometry, fc.integer({ min: 1, max: 2 ** 20 }), async (c, seed) => {
        const [oh, ow] = outputSize(c)
        const perGroup = c.channels / c.group
        const weights = numbers(seed, c.outputs * perGroup * c.kernel[0] * c.kernel[1], true)
        const bias = numbers(seed + 1, c.channels, true)
        const x = numbers(seed + 2, c.outputs * oh * ow, signed)
        const matrix = turned(matrixOf(c, weights))
        const biasOf = (j: number): number => bias[Math.floor(j / (c.height * c.width))] ?? 0
        const z = matrix.map((row, j) =>
          row.reduce<number>((sum, w, i) => sum + (w ?? 0) * (x[i] ?? 0), biasOf(j)),
        )
        // Outputs that no input reaches have their bias alone, which leaves some rules nothing to divide by.
        const reached = matrix.map((row) => row.some((w) => w !== null))
        const relevance = numbers(seed + 3, matrix.length, true).map((r, j) =>
          Math.abs(z[j] ?? 0) < 0.02 || !reached[j] ? 0 : r,
        )
        const expected = twinRelevance(twin, matrix, biasOf, x, relevance)
        const ours = await applyRule(rule, {
          operator: 'ConvTranspose',
          attributes: {
            kernel_shape: ints(c.kernel),
            strides: ints(c.strides),
            dilations: ints(c.dilations),
            pads: ints(c.pads),
            output_padding: ints(outputPadding(c)),
            group: int(c.group),
          },
          inputShape: [1, c.outputs, oh, ow],
          outputShape: [1, c.channels, c.height, c.width],
          weightShape: [c.outputs, perGroup, ...c.kernel],
          weights,
          bias,
          x,
          relevance,
        })
        expect(relativeL2(ours.z, z)).toBeLessThan(1e-5)
        expect(relativeL2(ours.relevance, expected)).toBeLessThan(1e-4)
        const sum = (values: ArrayLike<number>): number =>
          Array.from(values).reduce((total, value) => total + value, 0)
        const rest =
          sum(relevance) - sum(ours.relevance) - ours.bias - ours.stabiliser - ours.unexplained
        expect(Math.abs(rest) / (1 + sum(expected.map(Math.abs)))).toBeLessThan(1e-4)
      }),
      { numRuns: 25, seed: 20150710 },
    )
  })
})

test('a BatchNormalization behind it is folded, group by group', async () => {
  const network = (normalised: boolean): Uint8Array => {
    const net = new SmallNetwork([4, 3, 3])
    const weights = net.weights('w', [4, 3, 2, 2])
    const attributes = { group: int(2), strides: ints([2, 2]) }
    const x = net.node('ConvTranspose', ['input', weights, net.weights('b', [6])], attributes)
    const parameters = ['s', 'c', 'm'].map((name) => net.weights(name, [6]))
    const variance = net.floats('v', [6], [1, 0.5, 2, 0.3, 0.8, 1.5])
    // The same, by hand: x · s/√(v + ε) + (c − m s/√(v + ε)).
    const [s, c, m] = [3, 4, 5].map((seed) => noise(seed, 6))
    const scale = Array.from(s ?? [], (value, at) => value / Math.sqrt(([1, 0.5, 2, 0.3, 0.8, 1.5][at] ?? 1) + 1e-5)) // prettier-ignore
    const shift = scale.map((factor, at) => (c?.[at] ?? 0) - (m?.[at] ?? 0) * factor)
    const y = normalised
      ? net.node('BatchNormalization', [x, ...parameters, variance])
      : net.node('Add', [
          net.node('Mul', [x, net.floats('scale', [6, 1, 1], scale)]),
          net.floats('shift', [6, 1, 1], shift),
        ])
    const row = net.node('Flatten', [net.node('Relu', [y])])
    return net.finish(net.node('Gemm', [row, net.floats('head', [216, 2], noise(8, 432))]))
  }
  const input = noise(9, 36)
  const folded = await explained(network(true), 'epsilon', input)
  const apart = await explained(network(false), 'epsilon', input)
  expect(relativeL2(folded.logits, apart.logits)).toBeLessThan(1e-5)
  expect(folded.entries.map(({ operator }) => operator)).toEqual(['Gemm', 'ConvTranspose'])
})

/**
 * [1, 1, 2] → [1, 1, 5] by a kernel (1, −2, 3) with stride 2: z = (x₀, −2x₀, 3x₀ + x₁, −2x₁, 3x₁), x = (2, 1).
 * z = (2, −4, 7, −2, 3).
 */
describe('a row worked by hand', () => {
  const bytes = (): Uint8Array => {
    const net = new SmallNetwork([1, 2])
    const kernel = net.floats('k', [1, 1, 3], [1, -2, 3])
    const z = net.node('ConvTranspose', ['input', kernel], { strides: ints([2]) }, 'layer')
    const head = net.floats('head', [5, 1], [1, 1, 1, 1, 1])
    return net.finish(net.node('MatMul', [net.node('Flatten', [z]), head]))
  }
  const x = Float32Array.of(2, 1)

  test('the gradient adds up the kernel', async () => {
    const { relevance, logits } = await explained(bytes(), 'gradient', x, { mask: [1] })
    expect(logits[0]).toBeCloseTo(6, 5)
    expect([...relevance]).toEqual([2, 2])
  })

  test('flat: each output gives its inputs alike', async () => {
    // R = z: the first two are of x₀ alone, the third of both, the last two of x₁.
    const { relevance } = await explained(bytes(), 'epsilon-plus-flat', x, { mask: [1] })
    expect(relevance[0]).toBeCloseTo(2 - 4 + 3.5, 4)
    expect(relevance[1]).toBeCloseTo(3.5 - 2 + 3, 4)
  })

  test('z⁺: what has no positive part keeps its relevance', async () => {
    // The third: 6 : 1 of 7. The second and fourth have z⁺ = 0.
    const { relevance, entries } = await explained(bytes(), 'epsilon-plus', x, { mask: [1] })
    expect(relevance[0]).toBeCloseTo(2 + 6, 4)
    expect(relevance[1]).toBeCloseTo(1 + 3, 4)
    expect(entries.at(-1)?.stabiliser).toBeCloseTo(-6, 4)
  })
})
