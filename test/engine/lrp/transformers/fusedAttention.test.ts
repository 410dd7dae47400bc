import { describe, expect, test } from 'vitest'
import { createClassifier } from '../../../../src/engine/lrp/explainer'
import { float, int, ints } from '../../../../src/engine/onnx/attributes'
import { DataType, type Attribute } from '../../../../src/engine/onnx/model'
import { relativeL2 } from '../../../support/npy'
import { noise, SmallNetwork } from '../support/smallNetwork'
import { explained } from './explained'

const [tokens, width, heads] = [5, 6, 2]
const size = width / heads
const input = noise(6, tokens * width)

interface Parts {
  readonly net: SmallNetwork
  /** Projections without a bias, [batch, tokens, width]. */
  readonly query: string
  readonly key: string
  readonly value: string
}

const matrix = (seed: number): Float32Array => noise(seed, width * width)

/** Projections, something that attends, a dense layer on what comes out, [batch, tokens, width]. */
function network(attend: (parts: Parts) => string, opset = 17, others = width): Uint8Array {
  const net = new SmallNetwork([tokens, width], opset)
  const project = (seed: number, to: number): string =>
    net.node('MatMul', [
      'input',
      net.floats(`w${seed}`, [width, to], matrix(seed).subarray(0, width * to)),
    ])
  const y = attend({ net, query: project(1, width), key: project(2, others), value: project(3, others) }) // prettier-ignore
  const flat = net.node('Reshape', [y, net.integers('flat', [-1, tokens * width])])
  return net.finish(net.node('Gemm', [flat, net.floats('head', [tokens * width, 2], noise(4, tokens * width * 2))])) // prettier-ignore
}

/** [batch, tokens, heads · size] → [batch, heads, tokens, size] */
function apart(net: SmallNetwork, x: string, count = heads): string {
  const split = net.node('Reshape', [x, net.integers(`apart ${count}`, [0, 0, count, size])])
  return net.node('Transpose', [split], { perm: ints([0, 2, 1, 3]) })
}

function together(net: SmallNetwork, x: string): string {
  const back = net.node('Transpose', [x], { perm: ints([0, 2, 1, 3]) })
  return net.node('Reshape', [back, net.integers('together', [0, 0, width])])
}

interface Options {
  readonly scale?: number
  /** Added to the scores, [tokens, tokens]. */
  readonly mask?: readonly number[]
  /** Of queries, keys and values. */
  readonly biases?: Float32Array
  /** Heads of keys and values. */
  readonly shared?: number
}

/** The same by MatMul and Softmax. */
function spelledOut(options: Options = {}) {
  const { scale = 1 / Math.sqrt(size), mask, biases, shared = heads } = options
  return ({ net, query, key, value }: Parts): string => {
    const [q = '', k = '', v = ''] = [query, key, value].map((x, at) => {
      const bias = biases?.subarray(at * width, (at + 1) * width)
      const sum = bias ? net.node('Add', [x, net.floats(`bias ${at}`, [width], bias)]) : x
      const split = apart(net, sum, at === 0 ? heads : shared)
      if (at === 0 || shared === heads) return split
      return net.node('Concat', [split, split], { axis: int(1) })
    })
    let scores = net.node('MatMul', [q, net.node('Transpose', [k], { perm: ints([0, 1, 3, 2]) })])
    scores = net.node('Mul', [scores, net.floats('scale', [], [scale])])
    if (mask) scores = net.node('Add', [scores, net.floats('mask', [tokens, tokens], mask)])
    const weights = net.node('Softmax', [scores], { axis: int(-1) })
    return together(net, net.node('MatMul', [weights, v]))
  }
}

const standard =
  (attributes: Record<string, Attribute>, mask?: (net: SmallNetwork) => string) =>
  ({ net, query, key, value }: Parts): string =>
    net.node('Attention', [query, key, value, ...(mask ? [mask(net)] : [])], {
      q_num_heads: int(heads),
      kv_num_heads: int(heads),
      ...attributes,
    })

const pairs = Array.from({ length: tokens * tokens }, (_, at) => [Math.floor(at / tokens), at % tokens] as const) // prettier-ignore
const bias = noise(9, tokens * tokens)
const biases = noise(10, 3 * width)
const causal = pairs.map(([to, from]) => (from > to ? -1e4 : 0))
const oneHidden = pairs.map(([to, from]) => (from === 1 && to !== 1 ? -1e4 : 0))

const cases: Record<string, [Uint8Array, Uint8Array]> = {
  'Attention of [batch, heads, tokens, size]': [
    network(({ net, query, key, value }) => {
      const [q = '', k = '', v = ''] = [query, key, value].map((x) => apart(net, x))
      return together(net, net.node('Attention', [q, k, v]))
    }, 23),
    network(spelledOut()),
  ],
  'Attention of [batch, tokens, width]': [network(standard({}), 23), network(spelledOut())],
  'a scale of its own': [
    network(standard({ scale: float(0.2) }), 23),
    network(spelledOut({ scale: 0.2 })),
  ],
  causal: [network(standard({ is_causal: int(1) }), 23), network(spelledOut({ mask: causal }))],
  'an additive mask': [
    network(
      standard({}, (net) => net.floats('added', [tokens, tokens], bias)),
      23,
    ),
    network(spelledOut({ mask: [...bias] })),
  ],
  'an infinite mask': [
    network(
      standard({}, (net) =>
        net.floats(
          'added',
          [tokens, tokens],
          oneHidden.map((v) => (v === 0 ? 0 : -Infinity)),
        ),
      ),
      23,
    ),
    network(spelledOut({ mask: oneHidden })),
  ],
  'a mask of true and false': [
    network(
      standard({}, (net) =>
        net.constant({
          name: 'seen',
          dims: [1, 1, tokens, tokens],
          dataType: DataType.bool,
          raw: Uint8Array.from(oneHidden, (v) => (v === 0 ? 1 : 0)),
        }),
      ),
      23,
    ),
    network(spelledOut({ mask: oneHidden })),
  ],
  'keys and values shared by heads': [
    network(standard({ kv_num_heads: int(1) }), 23, size),
    network(spelledOut({ shared: 1 }), 17, size),
  ],
  MultiHeadAttention: [
    network(({ net, query, key, value }) =>
      net.node('com.microsoft.MultiHeadAttention', [query, key, value], { num_heads: int(heads) }),
    ),
    network(spelledOut()),
  ],
  'MultiHeadAttention with the heads of keys and values apart': [
    network(({ net, query, key, value }) => {
      const [k = '', v = ''] = [key, value].map((x) => apart(net, x))
      return net.node('com.microsoft.MultiHeadAttention', [query, k, v], { num_heads: int(heads) })
    }),
    network(spelledOut()),
  ],
  'the same with a bias, of which the queries alone get theirs': [
    network(({ net, query, key, value }) => {
      const [k = '', v = ''] = [key, value].map((x) => apart(net, x))
      const inputs = [query, k, v, net.floats('all', [3 * width], biases)]
      return net.node('com.microsoft.MultiHeadAttention', inputs, { num_heads: int(heads) })
    }),
    network(spelledOut({ biases: biases.map((number, at) => (at < width ? number : 0)) })),
  ],
  'MultiHeadAttention with a bias and a mask': [
    network(({ net, query, key, value }) => {
      const inputs = [query, key, value, net.floats('all', [3 * width], biases), '']
      const mask = net.floats('added', [1, 1, tokens, tokens], bias)
      return net.node('com.microsoft.MultiHeadAttention', [...inputs, mask], {
        num_heads: int(heads),
        scale: float(0.3),
      })
    }),
    network(spelledOut({ biases, scale: 0.3, mask: [...bias] })),
  ],
  'com.microsoft.Attention': [
    network(({ net }) => {
      // W = (W_q W_k W_v), side by side.
      const all = Array.from({ length: width * 3 * width }, (_, at) => {
        const [row, column] = [Math.floor(at / (3 * width)), at % (3 * width)]
        return matrix(1 + Math.floor(column / width))[row * width + (column % width)] ?? 0
      })
      const inputs = [
        net.floats('all', [width, 3 * width], all),
        net.floats('b', [3 * width], biases),
      ]
      return net.node('com.microsoft.Attention', ['input', ...inputs], {
        num_heads: int(heads),
        unidirectional: int(1),
      })
    }),
    network(spelledOut({ biases, mask: causal })),
  ],
}

describe.each(Object.entries(cases))('%s', (_, [fused, plain]) => {
  test.each(['attn-lrp', 'cp-lrp', 'epsilon', 'gradient'] as const)('%s', async (method) => {
    const [a, b] = [await explained(fused, method, input), await explained(plain, method, input)]
    expect(relativeL2(a.logits, b.logits)).toBeLessThan(1e-5)
    expect(relativeL2(a.relevance, b.relevance)).toBeLessThan(1e-4)
  })

  test('logits are those of ONNX Runtime’s own kernel', async () => {
    const classifier = await createClassifier(fused, 1)
    const own = await classifier.run(input)
    await classifier.release()
    expect(relativeL2((await explained(fused, 'epsilon', input)).logits, own)).toBeLessThan(1e-5)
  })
})

describe('refused by name', () => {
  test.each<[string, Record<string, Attribute>, string]>([
    ['softcap', { softcap: float(3) }, 'a softcap is not supported'],
  ])('%s', async (_, attributes, reason) => {
    const bytes = network(standard(attributes), 23)
    await expect(explained(bytes, 'attn-lrp', input)).rejects.toThrow(reason)
  })

  test.each([
    ['bii,bij->bj', 'a label is repeated in one operand'],
    ['bij,bjk,kk->bi', 'a label is repeated in one operand'],
    ['bij->bi->b', 'its equation is not understood'],
  ])('Einsum %s', async (equation, reason) => {
    const operands = equation.split(',').length
    const net = new SmallNetwork([3, 3])
    const inputs = Array.from({ length: operands }, () => net.node('Relu', ['input']))
    const y = net.node('Einsum', inputs, { equation: { kind: 'string', value: equation } }, 'odd')
    await expect(explained(net.finish(y), 'attn-lrp', noise(1, 9))).rejects.toThrow(
      `Node “odd” (Einsum) cannot be explained: ${reason}`,
    )
  })
})
