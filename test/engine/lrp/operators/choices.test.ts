import { describe, expect, test } from 'vitest'
import { int, ints, string } from '../../../../src/engine/onnx/attributes'
import { DataType } from '../../../../src/engine/onnx/model'
import { SmallNetwork } from '../support/smallNetwork'
import { halves, of, testWorked, whole, type Worked } from '../support/worked'
import { explained } from '../transformers/explained'

const pooling: readonly Worked[] = [
  {
    name: 'Max of two activations: the first on a tie',
    x: [1, 5, 2, 1, 4, 6],
    // (1, 5, 6)
    write: (net) => net.node('Max', halves(net)),
    weights: [1, 10, 100],
    relevance: [1, 50, 0, 0, 0, 600],
  },
  {
    name: 'Min of three',
    x: [3, 2],
    // (x, 2x, x·(−1)) = (3, 2), (6, 4), (−3, −2)
    write: (net) => {
      const twice = net.node('Mul', ['input', net.floats('two', [], [2])])
      const negative = net.node('Mul', ['input', net.floats('minus', [], [-1])])
      return net.node('Min', ['input', twice, negative])
    },
    weights: [1, 10],
    // −3 and −20, through the product with −1
    relevance: [-3, -20],
  },
  {
    name: 'Min with a constant that differs from place to place: unexplained where it wins',
    x: [1, 5],
    // (1, 2)
    write: (net) => net.node('Min', ['input', net.floats('c', [2], [3, 2])]),
    weights: [1, 10],
    relevance: [1, 0],
    unexplained: 20,
  },
  {
    name: 'Max with one number is a bound, and passes as Clip does',
    x: [1, 5],
    // (2, 5)
    write: (net) => net.node('Max', [net.floats('two', [1], [2]), 'input']),
    weights: [1, 10],
    relevance: [2, 50],
  },
  {
    name: 'ReduceMax: the first on a tie',
    x: [1, 3, 3, 2, 0, 2],
    shape: [2, 3],
    // (3, 2)
    write: of('ReduceMax', [], { axes: ints([2]) }),
    weights: [1, 10],
    relevance: [0, 3, 0, 20, 0, 0],
  },
  {
    name: 'ReduceMin over all but the batch',
    x: [4, 1, 3, 1],
    shape: [2, 2],
    write: of('ReduceMin', [], { axes: ints([1, 2]), keepdims: int(0) }),
    weights: [5],
    relevance: [0, 5, 0, 0],
  },
  {
    name: 'GlobalMaxPool',
    x: [1, 7, 7, 2, 9, 3, 4, 9],
    shape: [2, 2, 2],
    // (7, 9)
    write: of('GlobalMaxPool', []),
    weights: [1, 10],
    relevance: [0, 7, 0, 0, 90, 0, 0, 0],
  },
  {
    name: 'MaxPool beside its indices',
    x: [1, 4, 3, 2],
    shape: [1, 4],
    write: (net) =>
      net.node('MaxPool', ['input'], { kernel_shape: ints([2]) }, 'pool', ['y', 'where']),
    weights: [1, 10, 100],
    // (4, 4, 3)
    relevance: [0, 44, 300, 0],
  },
  {
    name: 'TopK',
    x: [1, 5, 3],
    // (5, 3)
    write: (net) => net.node('TopK', ['input', ...whole(net, [2])], {}, 'top', ['y', 'where']),
    weights: [1, 10],
    relevance: [0, 5, 30],
  },
  {
    name: 'ReduceSum',
    x: [1, -3, 4],
    // 2 · 10, by 1 : −3 : 4
    write: of('ReduceSum', [[1]]),
    weights: [10],
    relevance: [10, -30, 40],
  },
  {
    name: 'Mean of two',
    x: [1, 5, 3, -2],
    // (2, 1.5): (1 + 3) / 2 · 10 by 1 : 3, (5 − 2) / 2 · 2 by 5 : −2
    write: (net) => net.node('Mean', halves(net)),
    weights: [10, 2],
    relevance: [5, 5, 15, -2],
  },
  {
    name: 'CumSum',
    x: [1, 2, 3],
    // (1, 3, 6): each x_i in all sums from it on
    write: (net) => net.node('CumSum', ['input', net.integers('axis', [1])]),
    weights: [1, 10, 100],
    relevance: [111, 220, 300],
  },
  {
    name: 'Resize by 2, linear between the corners',
    x: [3, 6],
    shape: [1, 1, 2],
    // (3, 4, 5, 6) = 3 (1, ⅔, ⅓, 0) + 6 (0, ⅓, ⅔, 1)
    write: (net) =>
      net.node('Resize', ['input', '', net.floats('by', [4], [1, 1, 1, 2])], {
        mode: string('linear'),
        coordinate_transformation_mode: string('align_corners'),
      }),
    weights: [1, 3, 6, 8],
    // 3 (1 + 2 + 2), 6 (1 + 4 + 8)
    relevance: [15, 78],
  },
  {
    name: 'ReduceSumSquare',
    x: [1, -2, 3],
    write: of('ReduceSumSquare', [], { axes: ints([1]) }),
    weights: [10],
    relevance: [10, 40, 90],
  },
  {
    name: 'ReduceL1',
    x: [1, -2, 3],
    write: of('ReduceL1', [], { axes: ints([1]) }),
    weights: [10],
    relevance: [10, 20, 30],
  },
  {
    name: 'ReduceL2',
    x: [3, -4],
    // 5 · 25 by 9 : 16
    write: of('ReduceL2', [], { axes: ints([1]) }),
    weights: [25],
    relevance: [45, 80],
  },
  {
    name: 'ReduceLogSum',
    x: [1, 3],
    // ln 4 by 1 : 3
    write: of('ReduceLogSum', [], { axes: ints([1]) }),
    weights: [4],
    relevance: [Math.log(4), 3 * Math.log(4)],
  },
  {
    name: 'ReduceLogSumExp',
    x: [0, Math.log(3)],
    // ln 4 by 1 : 3
    write: of('ReduceLogSumExp', [], { axes: ints([1]) }),
    weights: [4],
    relevance: [Math.log(4), 3 * Math.log(4)],
  },
  {
    name: 'LpPool by the third power',
    x: [1, -2, 0, 3],
    shape: [1, 4],
    // ∛9, ∛27: 9 by 1 : 8 and 27 by 0 : 27
    write: of('LpPool', [], { kernel_shape: ints([2]), strides: ints([2]), p: int(3) }),
    weights: [9, 1],
    relevance: [Math.cbrt(9), 8 * Math.cbrt(9), 0, 3],
  },
]

/** Whatever constant expression says so. */
const dropoutsThatDoNotTrain: readonly Worked[] = (
  [
    ['a Cast', (net) => net.node('Cast', whole(net, [0]), { to: int(DataType.bool) })],
    [
      'what is not true',
      (net) => {
        const one = net.node('Cast', [net.floats('one', [], [1])], { to: int(DataType.bool) })
        return net.node('Not', [net.node('Identity', [one])])
      },
    ],
    ['a comparison', (net) => net.node('Greater', whole(net, [1], [2]))],
    [
      'an array of zeros',
      (net) => {
        const zeros = net.node('ConstantOfShape', whole(net, [1]))
        return net.node('Cast', [zeros], { to: int(DataType.bool) })
      },
    ],
  ] as readonly [string, (net: SmallNetwork) => string][]
).map(([name, write]) => ({
  name: `Dropout that does not train, as ${name} says`,
  x: [1, 2],
  write: (net) => {
    const training = net.node('Squeeze', [write(net)])
    return net.node('Dropout', ['input', net.floats('ratio', [], [0.5]), training])
  },
  weights: [1, 10],
  relevance: [1, 20],
}))

const stops: readonly Worked[] = [
  {
    name: 'a mask that the network computes is a gate: what it lets through gets all',
    x: [1, 5],
    // (0, 5)
    write: (net) => {
      const large = net.node('Greater', ['input', net.floats('two', [], [2])])
      const mask = net.node('Cast', [large], { to: int(DataType.float) })
      return net.node('Mul', ['input', mask])
    },
    weights: [1, 10],
    relevance: [0, 50],
  },
  {
    name: 'Sign as a factor',
    x: [-3, 2],
    // |x|
    write: (net) => net.node('Mul', [net.node('Sign', ['input']), 'input']),
    weights: [1, 10],
    relevance: [3, 20],
  },
  {
    name: 'Floor in a sum: its share is unexplained',
    x: [1.5, -2.5],
    // x + ⌊x⌋ = (2.5, −5.5): 1.5 and 1 of 2.5, −2.5 and −3 of −5.5
    write: (net) => net.node('Add', ['input', net.node('Floor', ['input'])]),
    weights: [2, 10],
    relevance: [3, -25],
    unexplained: 2 - 30,
  },
  {
    name: 'Dropout that says that it does not train',
    x: [1, 2],
    write: (net) => {
      const no = { name: 'no', dims: [], dataType: DataType.bool, raw: Uint8Array.of(0) }
      return net.node('Dropout', ['input', net.floats('ratio', [], [0.5]), net.constant(no)])
    },
    weights: [1, 10],
    relevance: [1, 20],
  },
  ...dropoutsThatDoNotTrain,
  {
    name: 'the mask of a Dropout that drops nothing is true everywhere',
    x: [1, 2],
    // 3 · mask · x + x = 4x
    write: (net) => {
      net.node('Dropout', ['input'], {}, 'dropout', ['kept', 'mask'])
      const mask = net.node('Cast', ['mask'], { to: int(DataType.float) })
      const times = net.node('Mul', [mask, net.floats('three', [], [3])])
      return net.node('Add', [net.node('Mul', ['kept', times]), 'input'])
    },
    weights: [1, 10],
    relevance: [4, 80],
  },
  {
    name: 'the product of one number each',
    x: [1, 2],
    write: (net) => {
      const apart = net.node('Unsqueeze', ['input', ...whole(net, [2])])
      return net.node('ReduceProd', [apart], { axes: ints([2]), keepdims: int(0) })
    },
    weights: [1, 10],
    relevance: [1, 20],
  },
  {
    name: 'a product of constants',
    x: [1, 2],
    // 6x
    write: (net) => {
      const six = net.node('ReduceProd', [net.floats('factors', [2], [2, 3])], { keepdims: int(0) })
      return net.node('Mul', ['input', six])
    },
    weights: [1, 10],
    relevance: [6, 120],
  },
]

describe('pooling, sums and choices worked by hand', () => testWorked(pooling))
describe('what stops relevance, worked by hand', () => testWorked(stops))

test('a Clip of the same bounds as a Max and a Min gives the same', async () => {
  const x = Float32Array.of(-1, 0.5, 3, 7, 6)
  const between = (write: (net: SmallNetwork) => string): Uint8Array => {
    const net = new SmallNetwork([5])
    const first = net.node('Gemm', ['input', net.weights('v', [5, 5])])
    net.node('Identity', [first], {}, 'z')
    return net.finish(net.node('Gemm', [write(net), net.weights('w', [5, 2])]))
  }
  const clip = between((net) =>
    net.node('Clip', ['z_out', net.floats('low', [], [0]), net.floats('high', [], [0.6])]),
  )
  const bounds = between((net) =>
    net.node('Min', [
      net.node('Max', ['z_out', net.floats('low', [], [0])]),
      net.floats('high', [1], [0.6]),
    ]),
  )
  const [one, other] = [await explained(clip, 'zero', x), await explained(bounds, 'zero', x)]
  expect(other.logits).toEqual(one.logits)
  expect(other.relevance).toEqual(one.relevance)
})

test('a shape that depends on the pixels is refused by name', async () => {
  const net = new SmallNetwork([4])
  const best = net.node('ArgMax', ['input'], { axis: int(1), keepdims: int(0) })
  const shape = net.node('Concat', [best, net.integers('rest', [-1])], { axis: int(0) })
  const odd = net.node('Reshape', ['input', shape], {}, 'odd')
  const bytes = net.finish(net.node('MatMul', [odd, net.weights('w', [4, 2])]))
  await expect(explained(bytes, 'epsilon', Float32Array.of(1, 2, 3, 4))).rejects.toThrow(
    '“odd” (Reshape) cannot be explained: its shape must not depend on the pixels.',
  )
})
