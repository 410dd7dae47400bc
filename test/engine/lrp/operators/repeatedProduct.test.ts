import { describe, expect, test } from 'vitest'
import { inspectGraph } from '../../../../src/engine/lrp/explainer'
import { float, int, ints } from '../../../../src/engine/onnx/attributes'
import { relativeL2 } from '../../../support/npy'
import { noise, SmallNetwork } from '../support/smallNetwork'
import { testWorked, type Worked } from '../support/worked'
import { explained } from '../transformers/explained'

const cases: readonly Worked[] = [
  {
    name: 'four numbers: a quarter to each',
    x: [2, 3, -1, 4],
    // y = −24, the logit −24
    write: (net) => net.node('ReduceProd', ['input'], { axes: ints([1]) }),
    weights: [1],
    relevance: [-6, -6, -6, -6],
  },
  {
    name: 'three numbers: a third to each, whatever their order',
    x: [2, 3, -1],
    // y = −6, times 2: R = −12
    write: (net) => net.node('ReduceProd', ['input'], { axes: ints([-1]), keepdims: int(0) }),
    weights: [2],
    relevance: [-4, -4, -4],
  },
  {
    name: 'along one of two axes',
    x: [1, 2, 3, 4, 5, 6],
    shape: [2, 3],
    // by columns 4, 10, 18: R = (4, 100, 1800), half of it to each
    write: (net) => net.node('ReduceProd', ['input'], { axes: ints([1]), keepdims: int(0) }),
    weights: [1, 10, 100],
    relevance: [2, 50, 900, 2, 50, 900],
  },
  {
    name: 'axes as an input, two of them',
    x: [1, 2, 3, 4, 5, 6],
    shape: [1, 2, 3],
    opset: 18,
    // 720: 120 to each
    write: (net) => net.node('ReduceProd', ['input', net.integers('axes', [-1, 2])]),
    weights: [1],
    relevance: [120, 120, 120, 120, 120, 120],
  },
  {
    name: 'no axes, and each number by itself: passes',
    x: [2, 3],
    opset: 18,
    write: (net) => net.node('ReduceProd', ['input'], { noop_with_empty_axes: int(1) }),
    weights: [1, 10],
    relevance: [2, 30],
  },
  {
    name: 'a zero: the product is 0, and so is what there is to share',
    x: [0, 3, 2],
    write: (net) => net.node('ReduceProd', ['input'], { axes: ints([1]) }),
    weights: [5],
    relevance: [0, 0, 0],
  },
  {
    name: 'relevance that is no multiple of the product: a zero is a factor like the others',
    x: [0, 3, 2],
    // R = 6 · softplus(0) = 6 ln 2, though y = 0
    write: (net) => net.node('Softplus', [net.node('ReduceProd', ['input'], { axes: ints([1]) })]),
    weights: [6],
    relevance: [2 * Math.LN2, 2 * Math.LN2, 2 * Math.LN2],
  },
]

describe('the product of several numbers, worked by hand', () => testWorked(cases))

describe('its gradient', () => {
  const network = (): Uint8Array => {
    const net = new SmallNetwork([3])
    const all = net.node('ReduceProd', ['input'], { axes: ints([1]) })
    return net.finish(net.node('MatMul', [all, net.floats('w', [1, 1], [2])]))
  }

  test.each([
    // 2 · (3·(−1), 2·(−1), 2·3)
    [[2, 3, -1], [-6, -4, 12]], // prettier-ignore
    // One zero leaves the product of the others where it is, two leave nothing.
    [[0, 3, -1], [-6, 0, 0]], // prettier-ignore
    [[0, 3, 0], [0, 0, 0]], // prettier-ignore
  ])('at %j', async (x, expected) => {
    const { relevance } = await explained(network(), 'gradient', Float32Array.from(x), {
      mask: [1],
    })
    expect([...relevance].map((value) => value + 0)).toEqual(expected)
  })
})

describe('of two numbers it is a Mul', () => {
  const network = (asMul: boolean): Uint8Array => {
    const net = new SmallNetwork([1, 5, 5])
    const conv = net.node('Conv', ['input', net.weights('w', [2, 1, 3, 3]), net.weights('b', [2])])
    const x = net.node('LeakyRelu', [conv], { alpha: float(0.2) })
    net.node('Split', [x], { axis: int(1) }, 'split', ['p', 'q'])
    const product = asMul
      ? net.node('Mul', ['p', 'q'])
      : net.node('ReduceProd', [x], { axes: ints([1]) })
    const features = net.node('Flatten', [net.node('Tanh', [product])])
    return net.finish(net.node('Gemm', [features, net.weights('v', [9, 2])]))
  }

  test.each(['epsilon-plus', 'attn-lrp', 'excitation-backprop', 'gradient'] as const)(
    '%s',
    async (method) => {
      const [one, other] = await Promise.all(
        [true, false].map((asMul) => explained(network(asMul), method, noise(3, 25))),
      )
      expect(relativeL2(other?.logits ?? [], one?.logits ?? [])).toBeLessThan(1e-6)
      expect(relativeL2(other?.relevance ?? [], one?.relevance ?? [])).toBeLessThan(1e-5)
    },
  )

  test('and inspection says so', async () => {
    const { coverage } = await inspectGraph(network(false), 'epsilon')
    expect(coverage.supported).toBe(true)
    expect(coverage.nodes.find(({ operator }) => operator === 'ReduceProd')).toMatchObject({
      kind: 'rule',
      detail: 'an equal share to each factor',
    })
  })
})
