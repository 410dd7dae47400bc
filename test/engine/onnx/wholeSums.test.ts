import { describe, expect, test } from 'vitest'
import { int } from '../../../src/engine/onnx/attributes'
import { DataType } from '../../../src/engine/onnx/model'
import { inspectGraph } from '../../../src/engine/lrp/explainer'
import { handModel, node, tensor, type HandModel } from './support/handModel'
import { logitsOf } from './support/quantisedLogits'

const { uint8, int32 } = DataType

describe('sums of whole numbers', () => {
  test('MatMulInteger behind DynamicQuantizeLinear: the scale that depends on the image cancels', async () => {
    // y = x · ((w − 2) · 0.1 · (1, 10)) + b, whatever the scale of x: w − 2 = ((1, 2), (3, 4)).
    const hand: HandModel = {
      dims: [1, 2],
      nodes: [
        node('DynamicQuantizeLinear', ['x'], ['q', 'qs', 'qz']),
        node('MatMulInteger', ['q', 'w', 'qz', 'wzero'], 'sums'),
        node('Cast', ['sums'], 'f', { to: int(DataType.float) }),
        node('Mul', ['step', 'qs'], 'scale'),
        node('Mul', ['f', 'scale'], 'm'),
        node('Mul', ['m', 'more'], 'k'),
        node('Add', ['k', 'b'], 'y'),
      ],
      tensors: [
        tensor('w', [2, 2], [3, 4, 5, 6], uint8),
        tensor('wzero', [], [2], uint8),
        tensor('step', [], [0.1]),
        tensor('more', [2], [1, 10]),
        tensor('b', [2], [5, 6]),
      ],
    }
    // x = (2, 1): (2 + 3, 4 + 4) · 0.1 · (1, 10) + (5, 6)
    const { real, own } = await logitsOf(hand, [2, 1])
    expect(real).toEqual([expect.closeTo(5.5, 5), expect.closeTo(14, 5)])
    // Steps of 2/255 in x.
    expect(own).toEqual([expect.closeTo(5.5, 1), expect.closeTo(14, 1)])
  })

  test('ConvInteger behind a constant quantiser: its scale is divided out', async () => {
    // x by 0.5, w by 0.25 in one product: conv(x / 0.5, w) · 0.125 = conv(x, w · 0.25).
    const hand: HandModel = {
      dims: [1, 1, 1, 2],
      nodes: [
        node('QuantizeLinear', ['x', 's', 'z'], 'q'),
        node('ConvInteger', ['q', 'w', 'z'], 'sums'),
        node('Cast', ['sums'], 'f', { to: int(DataType.float) }),
        node('Mul', ['f', 'both'], 'm'),
        node('Flatten', ['m'], 'y'),
      ],
      tensors: [
        tensor('s', [], [0.5]),
        tensor('z', [], [3], uint8),
        tensor('both', [], [0.125]),
        tensor('w', [1, 1, 1, 2], [4, 8], uint8),
      ],
    }
    // 3 · 4 · 0.25 + 2 · 8 · 0.25 = 7
    const { real, own } = await logitsOf(hand, [3, 2])
    expect(real).toEqual([expect.closeTo(7, 5)])
    expect(own).toEqual([expect.closeTo(7, 5)])
  })

  /** y = x · w · 0.1 + b, with b among the whole sums: ⌊b / (0.1 · qs)⌋, as early quantisers wrote it. */
  const amongSums = (over: string): HandModel => ({
    dims: [1, 1, 1, 2],
    nodes: [
      node('DynamicQuantizeLinear', ['x'], ['q', 'qs', 'qz']),
      node('ConvInteger', ['q', 'w', 'qz'], 'sums'),
      node('Mul', ['qs', over], 'biasScale'),
      node('Div', ['b', 'biasScale'], 'steps'),
      node('Floor', ['steps'], 'whole'),
      node('Cast', ['whole'], 'int', { to: int(int32) }),
      node('Reshape', ['int', 'perChannel'], 'biases'),
      node('Add', ['sums', 'biases'], 'all'),
      node('Cast', ['all'], 'f', { to: int(DataType.float) }),
      node('Mul', ['qs', 'step'], 'scale'),
      node('Mul', ['f', 'scale'], 'm'),
      node('Flatten', ['m'], 'y'),
    ],
    tensors: [
      tensor('w', [2, 1, 1, 2], [10, 20, 30, 40], uint8),
      tensor('step', [], [0.1]),
      tensor('half', [], [0.05]),
      tensor('b', [2], [-5, 6]),
      tensor('perChannel', [4], [1, -1, 1, 1], DataType.int64),
    ],
  })

  test('a bias among the sums of ConvInteger is a bias', async () => {
    // x = (2, 1): 2 · 1 + 1 · 2 − 5 and 2 · 3 + 1 · 4 + 6.
    const { real, own } = await logitsOf(amongSums('step'), [2, 1])
    expect(real).toEqual([expect.closeTo(-1, 5), expect.closeTo(16, 5)])
    // Steps of 2/255 in x, of 0.1 · 2/255 in b.
    expect(own).toEqual([expect.closeTo(-1, 1), expect.closeTo(16, 1)])
    // Divided by half the scale of the sums it counts twice: −5 · 2, 6 · 2.
    const twice = await logitsOf(amongSums('half'), [2, 1])
    expect(twice.real).toEqual([expect.closeTo(-6, 5), expect.closeTo(22, 5)])
    expect(twice.own).toEqual([expect.closeTo(-6, 1), expect.closeTo(22, 1)])
  })

  test('what cannot be told of whole sums is refused by name, whatever lies before it', async () => {
    const hand = amongSums('step')
    const nodes = hand.nodes.map((each) =>
      each.name === 'all' ? node('Max', ['sums', 'biases'], 'all') : each,
    )
    await expect(logitsOf({ ...hand, nodes }, [0, 0])).rejects.toThrow(/“all” \(Max\)/)
    const { coverage } = await inspectGraph(handModel({ ...hand, nodes }), 'epsilon')
    expect(coverage.supported).toBe(false)
    expect(coverage.nodes.find((each) => each.node === 'all')).toMatchObject({ kind: 'missing' })
  })
})
