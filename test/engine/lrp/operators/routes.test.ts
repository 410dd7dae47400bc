import { describe } from 'vitest'
import { float, int, ints, string } from '../../../../src/engine/onnx/attributes'
import { DataType } from '../../../../src/engine/onnx/model'
import { of, testWorked, whole, type Worked } from '../support/worked'

const routes: readonly Worked[] = [
  {
    name: 'Slice backwards, every second',
    x: [1, 2, 3, 4, 5],
    // y = (5, 3)
    write: of('Slice', [[-1], [0], [1], [-2]]),
    weights: [1, 10],
    relevance: [0, 0, 30, 0, 5],
  },
  {
    name: 'Slice: the gaps behind the last element are cut off',
    x: [1, 2, 3, 4, 5, 6, 7],
    // y = (2, 5)
    write: of('Slice', [[1], [7], [1], [3]]),
    weights: [1, 10],
    relevance: [0, 2, 0, 0, 50, 0, 0],
  },
  {
    name: 'Gather that turns round',
    x: [1, 2, 3],
    write: of('Gather', [[2, 1, 0]], { axis: int(1) }),
    weights: [1, 10, 100],
    relevance: [100, 20, 3],
  },
  {
    name: 'Gather of some, in no order',
    x: [1, 2, 3, 4],
    // y = (4, 1, 2)
    write: of('Gather', [[-1, 0, 1]], { axis: int(1) }),
    weights: [1, 10, 100],
    relevance: [10, 200, 0, 4],
  },
  {
    name: 'Gather of some twice',
    x: [1, 2, 3],
    // y = (2, 2, 1): 2 · (1 + 10)
    write: of('Gather', [[1, 1, 0]], { axis: int(1) }),
    weights: [1, 10, 100],
    relevance: [100, 22, 0],
  },
  {
    name: 'Gather of one many times',
    x: [1, 2, 3],
    // 3 · (1 + 4 + 8 + 16 + 32)
    write: of('Gather', [[2, 0, 2, 2, 2, 2]], { axis: int(1) }),
    weights: [1, 2, 4, 8, 16, 32],
    relevance: [2, 0, 183],
  },
  {
    name: 'GatherElements with one twice',
    x: [1, 2, 3],
    write: (net) => {
      const indices = net.node('Reshape', [...whole(net, [2, 2, 0], [1, 3])])
      return net.node('GatherElements', ['input', indices], { axis: int(1) })
    },
    weights: [1, 10, 100],
    relevance: [100, 0, 33],
  },
  {
    name: 'GatherND with one twice',
    x: [1, 2, 3],
    write: (net) => {
      const indices = net.node('Reshape', [...whole(net, [0, 1, 0, 1, 0, 2], [3, 2])])
      return net.node('GatherND', ['input', indices])
    },
    weights: [1, 10, 100],
    relevance: [0, 22, 300],
  },
  {
    name: 'ScatterND: a row over another, as spatial shifts are exported',
    x: [1, 2, 3, 4],
    shape: [2, 2],
    // (1, 2; 3, 4) with its second row over its first: (3, 4; 3, 4), 3 · (1 + 100), 4 · (10 + 1000)
    write: (net) => {
      const rows = net.node('Reshape', ['input', ...whole(net, [2, 2])])
      const second = net.node('Gather', [rows, net.integers('second', [1])])
      const place = net.node('Reshape', [...whole(net, [0], [1, 1])])
      return net.node('ScatterND', [rows, place, second])
    },
    weights: [1, 10, 100, 1000],
    relevance: [0, 0, 303, 4040],
  },
  {
    name: 'ScatterElements of constants, two of them in one place',
    x: [1, 2, 3],
    // (7, 2, 3): one seven takes the place of the other
    write: (net) => {
      const places = net.node('Reshape', [...whole(net, [0, 0], [1, 2])])
      const sevens = net.floats('sevens', [1, 2], [7, 7])
      return net.node('ScatterElements', ['input', places, sevens], { axis: int(1) })
    },
    weights: [1, 10, 100],
    relevance: [0, 20, 300],
    unexplained: 7,
  },
  {
    name: 'ScatterElements over a constant',
    x: [1, 2],
    // (5, 2, 1)
    write: (net) => {
      const places = net.node('Reshape', [...whole(net, [2, 1], [1, 2])])
      const fives = net.floats('fives', [1, 3], [5, 5, 5])
      return net.node('ScatterElements', [fives, places, 'input'], { axis: int(1) })
    },
    weights: [1, 10, 100],
    relevance: [100, 20],
    unexplained: 5,
  },
  {
    name: 'Split with a part that nobody uses',
    x: [1, 2, 3, 4],
    write: (net) => {
      net.node('Split', ['input', ...whole(net, [1, 2, 1])], { axis: int(1) }, 's', ['a', 'b', 'c'])
      return net.node('Concat', ['c', 'a'], { axis: int(1) })
    },
    weights: [1, 10],
    relevance: [10, 0, 0, 4],
  },
  {
    name: 'Expand',
    x: [2, 3],
    shape: [2, 1],
    // (2, 2, 2), (3, 3, 3): 2 · 7, 3 · 56
    write: of('Expand', [[1, 2, 3]]),
    weights: [1, 2, 4, 8, 16, 32],
    relevance: [14, 168],
  },
  {
    name: 'Tile',
    x: [2, 3],
    // (2, 3, 2, 3): 2 · (1 + 4), 3 · (2 + 8)
    write: of('Tile', [[1, 2]]),
    weights: [1, 2, 4, 8],
    relevance: [10, 30],
  },
  {
    name: 'Pad by a constant: what lands on it is unexplained',
    x: [1, 2],
    // (½, 1, 2, ½): ½ · 1 + ½ · 8
    write: (net) =>
      net.node('Pad', ['input', ...whole(net, [0, 1, 0, 1]), net.floats('half', [], [0.5])]),
    weights: [1, 2, 4, 8],
    relevance: [2, 8],
    unexplained: 4.5,
  },
  ...['Pad 13', 'Pad 9'].map((form): Worked => ({
    name: `${form} by −∞, as max pooling is padded: nothing lands there`,
    x: [-1, 2, 3],
    shape: [1, 1, 3],
    opset: form === 'Pad 9' ? 9 : 13,
    // (−∞, −1, 2, 3, −∞), of which (2, 3) are the largest of three
    write: (net) => {
      const sizes = [0, 0, 0, 1, 0, 0, 0, 1]
      const none = Number.NEGATIVE_INFINITY
      const padded =
        form === 'Pad 9'
          ? net.node('Pad', ['input'], { pads: ints(sizes), value: float(none) })
          : net.node('Pad', ['input', ...whole(net, sizes), net.floats('none', [], [none])])
      return net.node('MaxPool', [padded], { kernel_shape: ints([1, 3]), strides: ints([1, 2]) })
    },
    weights: [1, 10],
    relevance: [0, 2, 30],
  })),
  {
    name: 'Pad that cuts at one end and pads at the other',
    x: [1, 2, 3],
    // (2, 3, 0)
    write: of('Pad', [[0, -1, 0, 1]]),
    weights: [1, 10, 100],
    relevance: [0, 2, 30],
  },
  {
    name: 'Pad by reflection',
    x: [1, 2, 3],
    // (3, 2, 1, 2, 3, 2): 1 · 4, 2 · (2 + 8 + 32), 3 · (1 + 16)
    write: of('Pad', [[0, 2, 0, 1]], { mode: string('reflect') }),
    weights: [1, 2, 4, 8, 16, 32],
    relevance: [4, 84, 51],
  },
  {
    name: 'Pad by the edge',
    x: [1, 2, 3],
    // (1, 1, 1, 2, 3, 3): 1 · 7, 2 · 8, 3 · 48
    write: of('Pad', [[0, 2, 0, 1]], { mode: string('edge') }),
    weights: [1, 2, 4, 8, 16, 32],
    relevance: [7, 16, 144],
  },
  {
    name: 'Where: a constant that is chosen is unexplained',
    x: [1, 2, 3],
    // (1, 7, 3)
    write: (net) => {
      const mask = net.node('Cast', [...whole(net, [1, 0, 1])], { to: int(DataType.bool) })
      return net.node('Where', [mask, 'input', net.floats('seven', [], [7])])
    },
    weights: [1, 10, 100],
    relevance: [1, 0, 300],
    unexplained: 70,
  },
  {
    name: 'Where with −∞ for what a maximum is to leave out',
    x: [1, 2, 3],
    // max(1, −∞, 3)
    write: (net) => {
      const mask = net.node('Cast', [...whole(net, [1, 0, 1])], { to: int(DataType.bool) })
      const none = net.floats('none', [], [Number.NEGATIVE_INFINITY])
      const left = net.node('Where', [mask, 'input', none])
      return net.node('ReduceMax', [left], { axes: ints([1]) })
    },
    weights: [10],
    relevance: [0, 0, 30],
  },
  {
    name: 'Where by a condition that the network computes, repeated along it',
    x: [1, -1],
    shape: [2, 1],
    // x > 0 ? x : (10, 20) x, of [2, 1] and [1, 2]: (1, 1), (−10, −20)
    write: (net) => {
      const positive = net.node('Greater', ['input', net.floats('zero', [], [0])])
      const other = net.node('Mul', ['input', net.floats('tens', [1, 2], [10, 20])])
      return net.node('Where', [positive, 'input', other])
    },
    weights: [1, 2, 3, 4],
    // 1 · 1 + 1 · 2; −10 · 3 − 20 · 4
    relevance: [3, -110],
  },
  {
    name: 'Resize by 2 to the nearest',
    x: [1, 2],
    shape: [1, 1, 2],
    // (1, 1, 2, 2): 1 + 2, 2 · (4 + 8)
    write: (net) => net.node('Resize', ['input', '', net.floats('by', [4], [1, 1, 1, 2])]),
    weights: [1, 2, 4, 8],
    relevance: [3, 24],
  },
]

describe('routes worked by hand', () => testWorked(routes))
