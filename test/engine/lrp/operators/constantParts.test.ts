import { describe } from 'vitest'
import { float, int } from '../../../../src/engine/onnx/attributes'
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
  {
    name: 'weights standardised by a BatchNormalization in training mode, with one tensor for all its zeros',
    x: [3, 1, 2, 1],
    shape: [4, 1, 1],
    // (1, 3, 1, 3) has mean 2 and variance 1, (2, 2, 6, 6) mean 4 and variance 4: (−1, 1, −1, 1), (−1, −1, 1, 1).
    // y = (−3, −1)
    write: (net) => {
      const raw = net.floats('raw', [1, 2, 4], [1, 3, 1, 3, 2, 2, 6, 6])
      const [one, zero] = [net.floats('one', [2], [1, 1]), net.floats('zero', [2], [0, 0])]
      const attributes = { training_mode: int(1), epsilon: float(0) }
      const outputs = ['standard', 'mean', 'variance']
      net.node('BatchNormalization', [raw, one, zero, zero, one], attributes, 'bn', outputs)
      const weights = net.node('Reshape', ['standard', ...whole(net, [2, 4, 1, 1])])
      return net.node('Conv', ['input', weights])
    },
    weights: [1, 10],
    // −3 and −10 in the shares of (−3, 1, −2, 1) and of (−3, −1, 2, 1)
    relevance: [-3 - 30, 1 - 10, -2 + 20, 1 + 10],
  },
]

describe('constant parts worked by hand', () => testWorked(parts))
