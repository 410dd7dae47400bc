import { describe, expect, test } from 'vitest'
import { int, ints, string } from '../../../../src/engine/onnx/attributes'
import { DataType } from '../../../../src/engine/onnx/model'
import { relativeL2 } from '../../../support/npy'
import { noise, SmallNetwork } from '../support/smallNetwork'
import { explained } from './explained'

/**
 * z = A·B with A = (1 2; −1 3), B = (2; 1), both cut out of the input by constant products; z = (4; 1).
 * The logit is 2 z₁ − z₂ = 7, and what arrives at z is R = (8, −1).
 * f = R/z = (2, −1). Half to each (Achtibat et al. 2024, prop. 3.3):
 *   R_A = A ⊙ (f Bᵀ)/2 = (1·2·2, 2·2·1; −1·(−1)·2, 3·(−1)·1)/2 = (2, 2; 1, −1.5)
 *   R_B = B ⊙ (Aᵀ f)/2 = (2·(1·2 + (−1)(−1)), 1·(2·2 + 3·(−1)))/2 = (3, 0.5)
 * Each adds up to 3.5, half of 7.
 */
describe('a product worked by hand', () => {
  const input = Float32Array.of(1, 2, -1, 3, 2, 1)
  const cut = (net: SmallNetwork, name: string, rows: readonly number[]): string => {
    const identity = rows.flatMap((row) =>
      Array.from({ length: 6 }, (_, at) => (at === row ? 1 : 0)),
    )
    return net.node('MatMul', [
      'input',
      net.node('Transpose', [net.floats(name, [rows.length, 6], identity)], { perm: ints([1, 0]) }),
    ], {}, name === 'a' ? 'A' : 'B') // prettier-ignore
  }
  const write = (operator: 'MatMul' | 'Einsum'): Uint8Array => {
    const net = new SmallNetwork([6])
    const a = net.node('Reshape', [cut(net, 'a', [0, 1, 2, 3]), net.integers('as', [-1, 2, 2])])
    const b = net.node('Reshape', [cut(net, 'b', [4, 5]), net.integers('bs', [-1, 2, 1])])
    const z =
      operator === 'MatMul'
        ? net.node('MatMul', [a, b])
        : net.node('Einsum', [a, b], { equation: string('nij,njk->nik') })
    const head = net.floats('head', [2, 1], [2, -1])
    return net.finish(net.node('Gemm', [net.node('Flatten', [z]), head]))
  }

  test.each(['MatMul', 'Einsum'] as const)('%s: half to each', async (operator) => {
    for (const method of ['attn-lrp', 'epsilon'] as const) {
      const { relevance, relevanceAt } = await explained(write(operator), method, input, {
        mask: [1],
        at: 'A',
      })
      const expected = [2, 2, 1, -1.5, 3, 0.5]
      expect(relativeL2(relevance, expected)).toBeLessThan(1e-5)
      expect(relativeL2(relevanceAt, expected.slice(0, 4))).toBeLessThan(1e-5)
    }
  })

  test('gradient: f Bᵀ and Aᵀ f with f = (2, −1)', async () => {
    const { relevance } = await explained(write('MatMul'), 'gradient', input, { mask: [1] })
    // A: (2·2, 2·1; −1·2, −1·1); B: (1·2 + (−1)(−1), 2·2 + 3·(−1))
    expect([...relevance]).toEqual([4, 2, -2, -1, 3, 1])
  })
})

/** One head of attention whose Q, K, V are dense layers on [tokens, width]; the mask is added to the scores. */
function attention(options: {
  readonly masked?: number
  /** The mask chooses instead of being added. */
  readonly chosen?: boolean
  readonly moved?: boolean
  readonly product?: 'MatMul' | 'Mul'
}): Uint8Array {
  const { masked, chosen = false, moved = false, product = 'MatMul' } = options
  const [tokens, width] = [3, 4]
  const net = new SmallNetwork([tokens, width])
  // The bias becomes part of the product, which keeps its name.
  const dense = (name: string): string => {
    const w = net.floats(name, [width, width], noise(name.length, 16))
    const rows = net.node('MatMul', ['input', w], {}, name)
    return net.node('Add', [rows, net.floats(`${name}b`, [width], noise(name.length + 20, width))])
  }
  const [q, k, v] = [dense('q'), dense('ke'), dense('val')]
  let scores = net.node('MatMul', [q, net.node('Transpose', [k], { perm: ints([0, 2, 1]) })])
  scores = net.node('Mul', [scores, net.floats('scale', [], [0.5])], {}, 'scores')
  const hidden = [0, 1, 1, 0, 0, 1, 0, 0, 0]
  if (masked !== undefined && chosen) {
    const raw = Uint8Array.from(hidden)
    const which = net.constant({ name: 'hidden', dims: [3, 3], dataType: DataType.bool, raw })
    scores = net.node('Where', [which, net.floats('value', [], [masked]), scores])
  } else if (masked !== undefined) {
    const mask = hidden.map((is) => (is === 1 ? masked : 0))
    scores = net.node('Add', [scores, net.floats('mask', [3, 3], mask)])
  }
  let weights = net.node('Softmax', [scores], { axis: int(-1) })
  if (moved) {
    weights = net.node('Unsqueeze', [weights, net.integers('one', [1])])
    weights = net.node('Mul', [weights, net.floats('keep', [3, 3], [1, 1, 1, 1, 1, 0, 1, 1, 1])])
    weights = net.node('Squeeze', [net.node('Dropout', [weights]), net.integers('one', [1])])
  }
  let y: string
  if (product === 'MatMul') y = net.node('MatMul', [weights, v])
  else {
    // The same spelled out: Σ_k w_jk v_kc over [j, k, c].
    const w = net.node('Unsqueeze', [weights, net.integers('last', [3])])
    const values = net.node('Unsqueeze', [v, net.integers('first', [1])])
    const all = net.node('Mul', [w, values])
    const mean = net.node('ReduceMean', [all], { axes: ints([2]), keepdims: int(0) })
    y = net.node('Mul', [mean, net.floats('count', [], [tokens])])
  }
  const head = net.floats('head', [12, 2], noise(31, 24))
  const flat = net.node('Reshape', [y, net.integers('flat', [-1, 12])])
  return net.finish(net.node('Gemm', [flat, head]))
}

const tokens = noise(5, 12)

describe('attention held constant (cp-lrp)', () => {
  test.each([{}, { moved: true }, { product: 'Mul' as const }])(
    '%o: only the values get any',
    async (options) => {
      const bytes = attention(options)
      const at = async (node: string): Promise<Float32Array> =>
        (await explained(bytes, 'cp-lrp', tokens, { at: node })).relevanceAt
      await expect(at('scores')).rejects.toThrow('No relevance arrives')
      await expect(at('q')).rejects.toThrow('No relevance arrives')
      // All that the head hands on, but for what the layer's own bias takes behind it.
      const { entries, startRelevance } = await explained(bytes, 'cp-lrp', tokens)
      const sum = (await at('val')).reduce((a, b) => a + b, 0)
      expect(sum).toBeCloseTo(startRelevance[0] ?? NaN, 4)
      expect(entries.every(({ unexplained }) => unexplained === 0)).toBe(true)
    },
  )

  test('written as a product and a sum it is the same', async () => {
    for (const method of ['attn-lrp', 'cp-lrp', 'gradient'] as const) {
      const plain = await explained(attention({}), method, tokens)
      const spelled = await explained(attention({ product: 'Mul' }), method, tokens)
      expect(relativeL2(spelled.relevance, plain.relevance)).toBeLessThan(1e-5)
    }
  })

  test('without it each factor gets half', async () => {
    const { relevanceAt } = await explained(attention({}), 'attn-lrp', tokens, { at: 'val' })
    const all = await explained(attention({}), 'cp-lrp', tokens, { at: 'val' })
    expect(
      relativeL2(
        relevanceAt,
        all.relevanceAt.map((value) => value / 2),
      ),
    ).toBeLessThan(1e-6)
  })
})

describe('masked attention', () => {
  test.each(['attn-lrp', 'cp-lrp', 'epsilon', 'gradient'] as const)(
    '%s: −∞ is a large negative number',
    async (method) => {
      const infinite = await explained(
        attention({ masked: Number.NEGATIVE_INFINITY }),
        method,
        tokens,
      )
      const large = await explained(attention({ masked: -1e4 }), method, tokens)
      const largest = await explained(attention({ masked: -3.4028234663852886e38 }), method, tokens)
      expect(infinite.relevance.every(Number.isFinite)).toBe(true)
      expect(relativeL2(infinite.logits, large.logits)).toBe(0)
      expect(relativeL2(infinite.relevance, large.relevance)).toBeLessThan(1e-6)
      expect(relativeL2(largest.relevance, large.relevance)).toBeLessThan(1e-6)
      const chosen = await explained(
        attention({ masked: Number.NEGATIVE_INFINITY, chosen: true }),
        method,
        tokens,
      )
      // The sum has a stabiliser of 1e-6, choosing has none.
      expect(relativeL2(chosen.relevance, large.relevance)).toBeLessThan(1e-5)
    },
  )
})
