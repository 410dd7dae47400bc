import { describe } from 'vitest'
import { int } from '../../../../src/engine/onnx/attributes'
import { DataType } from '../../../../src/engine/onnx/model'
import { testWorked, whole, type Worked } from '../support/worked'

/** What reads a value of the network and is constant all the same. */
const parts: readonly Worked[] = [
  {
    name: 'CastLike: a number of the type of a value, as PyTorch’s functions write it',
    x: [1, 2, 3],
    opset: 18,
    // 2x
    write: (net) => {
      const two = net.node('CastLike', [...whole(net, [2]), 'input'])
      return net.node('Mul', ['input', two])
    },
    weights: [1, 10, 100],
    relevance: [2, 40, 600],
  },
  {
    name: 'CastLike: a value of the type of a number',
    x: [1, 2, 3],
    opset: 18,
    write: (net) => net.node('CastLike', ['input', net.floats('one', [], [1])]),
    weights: [1, 10, 100],
    relevance: [1, 20, 300],
  },
  {
    name: 'CastLike to whole numbers stops relevance, as a Cast does',
    x: [1.5, 2],
    opset: 18,
    // x + ⌊x⌋ = (2.5, 4), of which (1, 2) are whole numbers
    write: (net) => {
      const cut = net.node('CastLike', ['input', ...whole(net, [1])])
      const back = net.node('Cast', [cut], { to: int(DataType.float) })
      return net.node('Add', ['input', back])
    },
    weights: [1, 10],
    relevance: [1.5, 20],
    unexplained: 21,
  },
  {
    name: 'Size',
    x: [3, 6, 9],
    // x / 3
    write: (net) => {
      const size = net.node('Size', ['input'])
      return net.node('Div', ['input', net.node('Cast', [size], { to: int(DataType.float) })])
    },
    weights: [1, 10, 100],
    relevance: [1, 20, 300],
  },
]

describe('constant parts worked by hand', () => testWorked(parts))
