import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ints } from '../../../../src/engine/onnx/attributes'
import { alphaBeta, zPlus } from '../../../../src/engine/lrp/rules/alphaBeta'
import { epsilon } from '../../../../src/engine/lrp/rules/epsilon'
import { gamma } from '../../../../src/engine/lrp/rules/gamma'
import type { Rule } from '../../../../src/engine/lrp/rules/rule'
import { relativeL2 } from '../../../support/npy'
import { applyRule } from '../support/applyRule'
import { matrixOf, outputSize, twinRelevance, twins } from '../support/slowTwin'

const rules: Record<string, Rule> = {
  epsilon: epsilon(0.01),
  zPlus,
  alpha2beta1: alphaBeta(2, 1),
  gamma: gamma(0.25),
}

/** Seeded, normally distributed. */
function normal(seed: number, count: number, deviation: number): number[] {
  let state = seed
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state + 1) / 2 ** 32
  }
  return Array.from(
    { length: count },
    () => deviation * Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
  )
}

/** Wide enough (8 · 3 · 3 = 72 weights an output) for what rules do to layers with many weights. */
const geometry = {
  channels: 8,
  outputs: 5,
  group: 1,
  height: 5,
  width: 4,
  kernel: [3, 3],
  strides: [1, 1],
  dilations: [1, 1],
  pads: [1, 1, 1, 1],
} as const

describe.each(Object.keys(rules))('%s behind what rectifies', (name) => {
  test.each([
    ['Relu', true],
    ['Relu', false],
    ['Clip', true],
    ['Clip', false],
  ] as const)('%s, inputs of either sign: %s', async (behind, signed) => {
    const rule = rules[name]
    const twin = twins[name]
    if (!rule || !twin) throw new Error(name)
    const [oh, ow] = outputSize(geometry)
    const { channels, outputs, kernel, height, width } = geometry
    let cut = 0
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 2 ** 31 }), async (seed) => {
        const weights = normal(seed, outputs * channels * 9, 0.2)
        const bias = normal(seed + 1, outputs, 0.5)
        const some = normal(seed + 2, channels * height * width, 1)
        const x = signed ? some : some.map(Math.abs)
        const factor = normal(seed + 3, outputs * oh * ow, 1)
        const matrix = matrixOf(geometry, weights)
        const biasOf = (j: number): number => bias[Math.floor(j / (oh * ow))] ?? 0
        const z = matrix.map((row, j) =>
          row.reduce<number>((sum, w, i) => sum + (w ?? 0) * (x[i] ?? 0), biasOf(j)),
        )
        cut += z.filter((value) => value > 1).length
        const activation = z.map((value) =>
          behind === 'Clip' ? Math.min(Math.max(value, 0), 1) : Math.max(value, 0),
        )
        const arrives = factor.map((share, j) => share * (activation[j] ?? 0))
        const expected = twinRelevance(twin, matrix, biasOf, x, arrives)
        const ours = await applyRule(rule, {
          operator: 'Conv',
          attributes: { kernel_shape: ints(kernel), pads: ints(geometry.pads) },
          inputShape: [1, channels, height, width],
          outputShape: [1, outputs, oh, ow],
          weightShape: [outputs, channels, ...kernel],
          weights,
          bias,
          x,
          relevance: factor,
          behind,
        })
        expect(relativeL2(ours.relevance, expected)).toBeLessThan(1e-5)
        const sum = (values: Iterable<number>): number =>
          [...values].reduce((all, value) => all + value, 0)
        const rest =
          sum(arrives) - sum(ours.relevance) - ours.bias - ours.stabiliser - ours.unexplained
        const magnitude = sum(expected.map(Math.abs))
        expect(Math.abs(rest) / magnitude).toBeLessThan(1e-5)
      }),
      { numRuns: 15, seed: 20150710 },
    )
    // The Clip has cut off what z⁺ needs in full.
    expect(cut).toBeGreaterThan(100)
  })
})
