import { describe, expect, test } from 'vitest'
import { float, ints } from '../../../src/engine/onnx/attributes'
import { SmallNetwork } from './support/smallNetwork'
import { explained } from './transformers/explained'

/**
 * z = W x with W = (1 −1; 2 1), y = γz + β with γ = (2, −1) and β = (1, 3), logit = Σ ReLU(y). For x = (3, 1):
 * z = (2, 7), y = (5, −4), logit 5. As one layer, y = W'x + β with W' = (2 −2; −2 −1).
 */
const x = Float32Array.of(3, 1)
const transposed = (net: SmallNetwork, value: string, ...perm: number[]): string =>
  net.node('Transpose', [value], { perm: ints(perm) })
const last = (net: SmallNetwork, value: string): string => transposed(net, value, 0, 2, 3, 1)
const first = (net: SmallNetwork, value: string): string => transposed(net, value, 0, 3, 1, 2)

/** γz + β as two nodes, in shapes that broadcast. */
function twoNodes(net: SmallNetwork, z: string, dims: readonly number[]): string {
  const scaled = net.node('Mul', [net.floats('gamma', dims, [2, -1]), z])
  return net.node('Add', [scaled, net.floats('beta', dims, [1, 3])])
}

function norm(net: SmallNetwork, z: string): string {
  const parameters = Object.entries({
    gamma: [2, -1],
    beta: [1, 3],
    mean: [0, 0],
    variance: [1, 1],
  })
  const names = parameters.map(([name, values]) => net.floats(name, [2], values))
  return net.node('BatchNormalization', [z, ...names], { epsilon: float(0) })
}

type Write = (net: SmallNetwork, z: string) => string

/** @param write from [batch, 2, 1, 1] to y, of any shape. */
function convolved(write: Write): Uint8Array {
  const net = new SmallNetwork([2, 1, 1])
  const z = net.node('Conv', ['input', net.floats('w', [2, 2, 1, 1], [1, -1, 2, 1])])
  return summed(net, write(net, z))
}

/** @param write from [batch, 1, 2] to y, of any shape. */
function dense(write: Write): Uint8Array {
  const net = new SmallNetwork([1, 2])
  const z = net.node('MatMul', ['input', net.floats('w', [2, 2], [1, 2, -1, 1])])
  return summed(net, write(net, z))
}

function summed(net: SmallNetwork, y: string): Uint8Array {
  const flat = net.node('Flatten', [net.node('Relu', [y])])
  return net.finish(net.node('Gemm', [flat, net.floats('ones', [2, 1], [1, 1])]))
}

describe('what is linear behind a convolution is part of it', () => {
  test.each<[string, Write]>([
    ['BatchNormalization', norm],
    ['Mul and Add', (net, z) => twoNodes(net, z, [2, 1, 1])],
    [
      'Mul and Sub',
      (net, z) => {
        const scaled = net.node('Mul', [z, net.floats('gamma', [1, 2, 1, 1], [2, -1])])
        return net.node('Sub', [scaled, net.floats('less', [2, 1, 1], [-1, -3])])
      },
    ],
    ['behind a Transpose, Mul and Add', (net, z) => twoNodes(net, last(net, z), [2])],
    [
      'between Transposes, BatchNormalization',
      (net, z) => last(net, norm(net, first(net, last(net, z)))),
    ],
    [
      'behind a Reshape, BatchNormalization',
      (net, z) => norm(net, net.node('Reshape', [z, net.integers('rows', [0, 2, -1])])),
    ],
    [
      'behind a Transpose without perm, Mul and Add',
      (net, z) => twoNodes(net, net.node('Transpose', [z]), [2, 1]),
    ],
  ])('%s', async (_, write) => {
    // z⁺ of the one layer: R(y) = (5, 0); y₀⁺ = 3·2 + 1: x₀ gets 6/7 of 5, the bias 1/7.
    // Apart from it β would keep 1 of 5, and the other 4 go to x₀.
    const { relevance, entries } = await explained(convolved(write), 'epsilon-plus', x, {
      mask: [1],
    })
    expect(relevance[0]).toBeCloseTo(30 / 7, 5)
    expect(relevance[1]).toBeCloseTo(0, 6)
    expect(entries.reduce((sum, { bias }) => sum + bias, 0)).toBeCloseTo(5 / 7, 5)
  })
})

describe('what is linear behind a dense layer is part of it', () => {
  test.each<[string, Write]>([
    ['Mul and Add', (net, z) => twoNodes(net, z, [2])],
    [
      'BatchNormalization of tokens, between Transposes',
      (net, z) => transposed(net, norm(net, transposed(net, z, 0, 2, 1)), 0, 2, 1),
    ],
    [
      'BatchNormalization of all tokens as samples',
      (net, z) => norm(net, net.node('Reshape', [z, net.integers('rows', [-1, 2])])),
    ],
  ])('%s', async (_, write) => {
    // ε of the one layer: R(y) = (5, 0); x₀ gets 3·2, x₁ 1·(−2), the bias 1.
    // Passed, R(z) would be (5, 0) and z₀ = 2: 3/2 · 5 and −1/2 · 5.
    const { relevance, entries } = await explained(dense(write), 'epsilon', x, { mask: [1] })
    expect(relevance[0]).toBeCloseTo(6, 4)
    expect(relevance[1]).toBeCloseTo(-2, 4)
    expect(entries.reduce((sum, { bias }) => sum + bias, 0)).toBeCloseTo(1, 4)
  })
})

describe('what stays by itself', () => {
  // γz alone is a layer scale: y = (4, −7), R(y) = (4, 0) passes to z; z⁺: x₀ gets all.
  test('a product without a sum', async () => {
    const bytes = convolved((net, z) =>
      net.node('Mul', [last(net, z), net.floats('gamma', [2], [2, -1])]),
    )
    const { relevance, entries } = await explained(bytes, 'epsilon-plus', x, { mask: [1] })
    expect([...relevance]).toEqual([expect.closeTo(4, 5), expect.closeTo(0, 6)])
    expect(entries.every(({ bias }) => bias === 0)).toBe(true)
  })

  // y = ReLU(z + β) + z with β = (1, 3): z + β = (3, 10), y = (5, 17), logit 22. z is read twice, so that β is a
  // summand of its own, which keeps 1 and 3 of the 3 and 10.
  test('a summand where the layer is read elsewhere, too', async () => {
    const bytes = convolved((net, z) => {
      const moved = last(net, z)
      const sum = net.node('Add', [moved, net.floats('beta', [2], [1, 3])])
      return net.node('Add', [net.node('Relu', [sum]), moved])
    })
    const { entries } = await explained(bytes, 'epsilon', x, { mask: [1] })
    const own = entries.find(({ operator, bias }) => operator === 'Add' && bias !== 0)
    expect(own?.bias).toBeCloseTo(4, 4)
  })

  // Two channels, and two numbers along the width.
  test('numbers along another axis', async () => {
    const net = new SmallNetwork([1, 1, 2])
    const z = net.node('Conv', ['input', net.floats('w', [2, 1, 1, 1], [1, 2])])
    // z = (3, 1; 6, 2), + (1, 3) = (4, 4; 7, 5), logit 20, of which the summand keeps 8.
    const sum = net.node('Add', [z, net.floats('beta', [2], [1, 3])])
    const flat = net.node('Flatten', [sum])
    const bytes = net.finish(net.node('Gemm', [flat, net.floats('ones', [4, 1], [1, 1, 1, 1])]))
    const { entries } = await explained(bytes, 'epsilon', x, { mask: [1] })
    expect(entries.find(({ operator }) => operator === 'Add')?.bias).toBeCloseTo(8, 4)
  })
})
