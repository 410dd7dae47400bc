import { describe } from 'vitest'
import { float, int, string } from '../../../../src/engine/onnx/attributes'
import { int64Tensor } from '../../../../src/engine/onnx/elements'
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
    name: 'powers of more numbers than there are exponents: each exponent gets the sum of what its powers have',
    x: [1, 2],
    // (2, 9; 4, 1), R = (2, 90; 400, 1000)
    write: (net) => net.node('Pow', [net.floats('bases', [2, 1, 2], [2, 3, 4, 1]), 'input']),
    weights: [1, 10, 100, 1000],
    relevance: [402, 1090],
  },
  {
    name: 'several powers of one number',
    x: [3, 2],
    // (3, 4; 9, 1), R = (3, 40; 900, 1000)
    write: (net) => net.node('Pow', ['input', net.floats('exponents', [2, 1, 2], [1, 2, 2, 0])]),
    weights: [1, 10, 100, 1000],
    relevance: [903, 1040],
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
  {
    name: 'Range, Mod, GatherElements, OneHot and BitShift of what is constant',
    x: [1, 2, 3, 4],
    // m = (0 1 2 3) + 1 modulo 4 = (1 2 3 0), each number goes to its place: (4, 1, 2, 3), times 1 << 1
    write: (net) => {
      const size = net.node('Gather', [net.node('Shape', ['input']), net.integers('1', [1])])
      const scalar = (name: string, value: number): string =>
        net.constant(int64Tensor(name, [], [value]))
      const end = net.node('Squeeze', [size, ...whole(net, [0])])
      const range = net.node('Range', [scalar('from', 0), end, scalar('step', 1)])
      const next = net.node('Mod', [net.node('Add', [range, scalar('one', 1)]), end])
      const places = net.node('GatherElements', [range, next])
      const matrix = net.node('OneHot', [places, end, net.floats('off on', [2], [0, 1])])
      const bits = net.node('Cast', [net.integers('bits', [1])], { to: int(DataType.uint8) })
      const two = net.node('BitShift', [bits, bits], { direction: string('LEFT') })
      const factor = net.node('Cast', [two], { to: int(DataType.float) })
      return net.node('Mul', [net.node('MatMul', ['input', matrix]), factor])
    },
    weights: [1, 10, 100, 1000],
    relevance: [20, 400, 6000, 8],
  },
]

describe('constant parts worked by hand', () => testWorked(parts))
