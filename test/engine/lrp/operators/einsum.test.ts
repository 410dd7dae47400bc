import { describe, expect, test } from 'vitest'
import { inspectGraph } from '../../../../src/engine/lrp/explainer'
import { string } from '../../../../src/engine/onnx/attributes'
import type { CustomComposite } from '../../../../src/shared/explanation/composite'
import { relativeL2 } from '../../../support/npy'
import { noise, SmallNetwork } from '../support/smallNetwork'
import { explained, firstLayer } from '../transformers/explained'
import { testWorked, type Worked } from '../support/worked'

/** Labels that one operand alone has are summed up there, before the product. */
const sums: readonly Worked[] = [
  {
    name: 'bij->bi',
    x: [1, 2, 3, 4],
    shape: [2, 2],
    // (1 + 2, 3 + 4)
    write: (net) => net.node('Einsum', ['input'], { equation: string('bij->bi') }),
    weights: [1, 10],
    relevance: [1, 2, 30, 40],
  },
  {
    name: 'bij,jk->bi: weights that are summed are those of a dense layer',
    x: [1, 2, 3, 4],
    shape: [2, 2],
    // W = (1 2; 0 4), by rows (3, 4): 3·1 + 4·2 = 11, 3·3 + 4·4 = 25
    write: (net) => {
      const w = net.floats('own', [2, 2], [1, 2, 0, 4])
      return net.node('Einsum', ['input', w], { equation: string('bij,jk->bi') })
    },
    weights: [1, 10],
    relevance: [3, 8, 90, 160],
  },
  {
    name: 'k,bij->bji: nothing is left to sum over',
    x: [1, 2, 3, 4],
    shape: [2, 2],
    // 3 · (1, 3, 2, 4)
    write: (net) => {
      const w = net.floats('own', [2], [1, 2])
      return net.node('Einsum', [w, 'input'], { equation: string('k,bij->bji') })
    },
    weights: [1, 10, 100, 1000],
    relevance: [3, 600, 90, 12000],
  },
  {
    name: 'bij,bjk->bi: of two activations each gets half',
    x: [1, 2, 3, 4],
    shape: [2, 2],
    // r = (3, 7) by rows: 1·3 + 2·7 = 17, 3·3 + 4·7 = 37. The first factor gets half of (3, 14; 9, 28). r gets
    // half of (1 + 3)·3 and of (2 + 4)·7: 6 in shares of (1, 2)/3, 21 in shares of (3, 4)/7.
    write: (net) => net.node('Einsum', ['input', 'input'], { equation: string('bij,bjk->bi') }),
    weights: [1, 1],
    relevance: [1.5 + 2, 7 + 4, 4.5 + 9, 14 + 12],
  },
]

/** Of several operands two after two are multiplied. */
const several: readonly Worked[] = [
  {
    name: 'bi,ij,jk->bk: a dense layer behind another',
    x: [1, 2],
    shape: [2],
    // h = (1, 2) (1 0; 1 3) = (3, 6); y = 3·2 + 6·(−2) = −6: R_h = (6, −12), R = (1·1·2, 2·(1·2 + 3·(−2)))
    write: (net) => {
      const v = net.floats('v', [2, 2], [1, 0, 1, 3])
      const u = net.floats('u', [2, 1], [2, -2])
      return net.node('Einsum', ['input', v, u], { equation: string('bi,ij,jk->bk') })
    },
    weights: [1],
    relevance: [2, -8],
  },
  {
    name: 'kj,ji,bi->bk: the weights first',
    x: [1, 2],
    shape: [2],
    // The same, each matrix transposed; h = (3, 6), y = 2·3 + 1·6 = 12: R_h = (6, 6), R = (1·1·2, 2·(1·2 + 3·1))
    write: (net) => {
      const v = net.floats('v', [2, 2], [1, 1, 0, 3])
      const u = net.floats('u', [1, 2], [2, 1])
      return net.node('Einsum', [u, v, 'input'], { equation: string('kj,ji,bi->bk') })
    },
    weights: [1],
    relevance: [2, 10],
  },
  {
    name: 'bi,bj,bj->bi: half to each of two, and half of that half to each of the first two',
    x: [1, 2],
    shape: [2],
    // y = x · (1·1 + 2·2) = (5, 10); R = 5 + 10 = 15. Neither i nor j is summed at first: p_ij = x_i x_j =
    // (1, 2; 2, 4). Then y_i = Σ_j p_ij x_j = (1 + 4, 2 + 8), of which p gets half, (1, 4; 2, 8)/2, and the
    // last x_j half of (1 + 2, 4 + 8): (1.5, 6). Of p_ij the first factor gets half, by rows (1.25, 2.5), the
    // second half, by columns (0.75, 3). Together (3.5, 11.5).
    write: (net) =>
      net.node('Einsum', ['input', 'input', 'input'], { equation: string('bi,bj,bj->bi') }),
    weights: [1, 1],
    relevance: [3.5, 11.5],
  },
  {
    name: '...i,j...,...k->...: what … stands for stays to the end',
    x: [1, 2],
    shape: [2],
    // Σ_i x_i Σ_k x_k · 3 = 27: 13.5 to each factor in shares of (1, 2)/3
    write: (net) => {
      const v = net.floats('v', [2, 1], [1, 2])
      return net.node('Einsum', ['input', v, 'input'], { equation: string('...i,j...,...k->...') })
    },
    weights: [1],
    relevance: [9, 18],
  },
  {
    name: 'bij,bik->bjk with one element along i on one side: what is repeated there is summed before',
    x: [1, 2, 3, 4],
    shape: [2, 2],
    // r = (1 + 3, 2 + 4), the weights (2, 5) repeated: y = (8, 20; 12, 30), R = y. Each x gets 2 + 5 times itself.
    write: (net) => {
      const v = net.floats('v', [1, 1, 2], [2, 5])
      return net.node('Einsum', ['input', v], { equation: string('bij,bik->bjk') })
    },
    weights: [1, 1, 1, 1],
    relevance: [7, 14, 21, 28],
  },
]

describe('sums within one operand of an Einsum, worked by hand', () => testWorked(sums))

describe('an Einsum of several operands, worked by hand', () => testWorked(several))

describe('an Einsum of several operands is several of two', () => {
  const network = (inPairs: boolean): Uint8Array => {
    const net = new SmallNetwork([3, 4])
    const w = net.weights('w', [4, 5])
    const u = net.weights('u', [5, 6])
    const x = net.node('Tanh', ['input'])
    const of = (equation: string, inputs: readonly string[], name: string): string =>
      net.node('Einsum', inputs, { equation: string(equation) }, name)
    const y = inPairs
      ? of('bth,bsh->bts', [of('bto,oh->bth', [of('bti,io->bto', [x, w], 'one'), u], 'two'), of('bsi,ih->bsh', [x, net.weights('k', [4, 6])], 'k')], 'all') // prettier-ignore
      : of('bti,io,oh,bsh->bts', [x, w, u, of('bsi,ih->bsh', [x, net.weights('k', [4, 6])], 'k')], 'all') // prettier-ignore
    return net.finish(
      net.node('Gemm', [net.node('Flatten', [y]), net.weights('v', [9, 2])], {}, 'head'),
    )
  }

  test.each(['epsilon-plus-flat', 'attn-lrp', 'gradient'] as const)('%s', async (method) => {
    const [one, other] = await Promise.all(
      [true, false].map((inPairs) => explained(network(inPairs), method, noise(3, 12))),
    )
    expect(relativeL2(other?.logits ?? [], one?.logits ?? [])).toBeLessThan(1e-6)
    expect(relativeL2(other?.relevance ?? [], one?.relevance ?? [])).toBeLessThan(1e-5)
  })

  test('that inspection counts as the explanation does', async () => {
    const composite: CustomComposite = {
      ...firstLayer({ rule: 'epsilon', epsilon: 1e-6 }),
      // Two dense layers in the Einsum, one beside it, and the one behind.
      layers: [
        { select: { layer: 'any', from: 4, to: 4 }, apply: { rule: 'flat' } },
        { select: { layer: 'any' }, apply: { rule: 'epsilon', epsilon: 1e-6 } },
      ],
    }
    const { coverage } = await inspectGraph(network(false), { method: 'custom', composite })
    const detailOf = (name: string) => coverage.nodes.find(({ node }) => node === name)?.detail
    expect(detailOf('all')).toBe('half to each of two activations')
    expect(detailOf('head')).toBe('flat')
    const options = { composite, at: 'all' }
    const { relevanceAt } = await explained(network(false), 'custom', noise(3, 12), options)
    // `flat` gives each of the head's nine inputs the same.
    expect(relevanceAt).toHaveLength(9)
    for (const share of relevanceAt) expect(share / (relevanceAt[0] ?? 0)).toBeCloseTo(1, 5)
  })
})
