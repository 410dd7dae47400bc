import { describe, expect, test } from 'vitest'
import { float, int, ints } from '../../../src/engine/onnx/attributes'
import { DataType } from '../../../src/engine/onnx/model'
import { inspectGraph } from '../../../src/engine/lrp/explainer'
import { handModel, node, tensor, type HandModel } from './support/handModel'
import { logitsOf } from './support/quantisedLogits'

const { uint8, int8, int32 } = DataType

const refusal = (hand: HandModel) => logitsOf(hand, [0, 0])

/** x → quantised and back by scale 0.5 around `zero` → y = x W, W = ((1, 2), (3, 4)). */
const throughQuantiser = (zero: number, dataType: number): HandModel => ({
  dims: [1, 2],
  nodes: [
    node('QuantizeLinear', ['x', 's', 'z'], 'q'),
    node('DequantizeLinear', ['q', 's', 'z'], 'd'),
    node('Gemm', ['d', 'w'], 'y'),
  ],
  tensors: [
    tensor('s', [], [0.5]),
    tensor('z', [], [zero], dataType),
    tensor('w', [2, 2], [1, 2, 3, 4]),
  ],
})

describe('quantised activations', () => {
  test('keep their numbers, and lose what their type cannot represent', async () => {
    // uint8 around 10: (0 − 10)·0.5 = −5 … (255 − 10)·0.5 = 122.5.
    const model = throughQuantiser(10, uint8)
    // Inside: x W = (0.3 + 0.9, 0.6 + 1.2); rounded to halves the model sees (0.5, 0.5) → (2, 3).
    const inside = await logitsOf(model, [0.3, 0.3])
    expect(inside.real).toEqual([expect.closeTo(1.2, 5), expect.closeTo(1.8, 5)])
    expect(inside.own).toEqual([2, 3])
    // Outside: (−7, 200) becomes (−5, 122.5): (−5 + 367.5, −10 + 490).
    const outside = await logitsOf(model, [-7, 200])
    expect(outside.real).toEqual([362.5, 480])
    expect(outside.own).toEqual([362.5, 480])
    expect(outside.explainer.exactForward).toBe(false)
  })

  test('signed around −128 cut off below zero: the ReLU that the quantiser absorbed', async () => {
    // (−128 + 128)·0.5 = 0 … (127 + 128)·0.5 = 127.5; x = (−3, 4) is seen as (0, 4).
    const { real, relevance } = await logitsOf(throughQuantiser(-128, int8), [-3, 4])
    expect(real).toEqual([12, 16])
    // R = x_i Σ_j w_ij R_j / z_j with R = z: x W 1 = (0 · 3, 4 · 7).
    expect(relevance).toEqual([expect.closeTo(0, 4), expect.closeTo(28, 4)])
  })

  test('move without losing what they stand for', async () => {
    // Quantised, transposed, padded with whole 10, which stands for 0, and back.
    const { real } = await logitsOf(
      {
        dims: [1, 2],
        nodes: [
          node('QuantizeLinear', ['x', 's', 'z'], 'q'),
          node('Transpose', ['q'], 't', { perm: ints([1, 0]) }),
          node('Reshape', ['t', 'shape'], 'r'),
          node('Pad', ['r', 'pads', 'z'], 'p'),
          node('DequantizeLinear', ['p', 's', 'z'], 'd'),
          node('Gemm', ['d', 'w'], 'y'),
        ],
        tensors: [
          tensor('s', [], [0.5]),
          tensor('z', [], [10], uint8),
          tensor('shape', [2], [1, 2], DataType.int64),
          tensor('pads', [4], [0, 0, 0, 1], DataType.int64),
          tensor('w', [3, 2], [1, 2, 3, 4, 100, 100]),
        ],
      },
      [1, 2],
    )
    expect(real).toEqual([7, 10])
  })

  test('cut off to a range are no hard sigmoid, though one is written just so', async () => {
    // Clip(x + c, low, high) · k gates what it is multiplied with, but for a quantiser's Clip.
    const nodes = (clip: HandModel['nodes']): HandModel['nodes'] => [
      node('Gemm', ['x', 'w'], 'a'),
      node('Add', ['a', 'c'], 'b'),
      ...clip,
      node('Mul', ['d', 'k'], 'e'),
      node('Mul', ['x', 'e'], 'y'),
    ]
    const tensors = [
      ...throughQuantiser(0, int8).tensors,
      tensor('c', [], [3]),
      tensor('k', [], [0.125]),
      tensor('low', [], [-64]),
      tensor('high', [], [63.5]),
    ]
    const details = async (clip: HandModel['nodes']) => {
      const bytes = handModel({ dims: [1, 2], tensors, nodes: nodes(clip) })
      const { coverage } = await inspectGraph(bytes, 'epsilon')
      return coverage.nodes.map(({ detail }) => detail)
    }
    expect(await details([node('Clip', ['b', 'low', 'high'], 'd')])).toContain(
      'part of a hard sigmoid',
    )
    const quantised = await details([
      node('QuantizeLinear', ['b', 's', 'z'], 'q'),
      node('DequantizeLinear', ['q', 's', 'z'], 'd'),
    ])
    expect(quantised).not.toContain('part of a hard sigmoid')
  })

  test('read by another scale than they were written with are refused by name', async () => {
    const model = throughQuantiser(0, int8)
    const tensors = [...model.tensors, tensor('other', [], [0.25])]
    const nodes = model.nodes.map((each) =>
      each.name === 'd' ? { ...each, inputs: ['q', 'other', 'z'] } : each,
    )
    await expect(refusal({ ...model, nodes, tensors })).rejects.toMatchObject({
      code: 'unsupported-operator',
      message: expect.stringMatching(/“d” \(DequantizeLinear\).*another scale/),
    })
  })

  test('with a scale for each channel are refused by name, and so says coverage', async () => {
    const model = throughQuantiser(0, int8)
    const byChannel = [tensor('s', [2], [0.5, 0.25]), tensor('z', [2], [0, 0], int8)]
    const tensors = [...byChannel, ...model.tensors.filter(({ name }) => name === 'w')]
    const hand = { ...model, tensors }
    await expect(refusal(hand)).rejects.toThrow(/“q” \(QuantizeLinear\).*more than one scale/)
    const { coverage } = await inspectGraph(handModel(hand), 'epsilon')
    expect(coverage.supported).toBe(false)
    expect(coverage.nodes.find((each) => each.node === 'q')).toMatchObject({ kind: 'missing' })
  })

  test('behind the logits matter to nobody', async () => {
    const model = throughQuantiser(0, int8)
    const odd = node('Mul', ['q', 'q'], 'squares')
    const { real } = await logitsOf({ ...model, nodes: [...model.nodes, odd] }, [1, 1])
    expect(real).toEqual([4, 6])
  })
})

describe('quantised weights alone', () => {
  test('leave the network exact: activations are not rounded, whatever could be fused', async () => {
    // 4 bits in blocks of 16 along the first axis: ONNX Runtime has a product of its own for them.
    const bytes = Array.from({ length: 64 }, (_, k) => (k * 37 + 11) % 256)
    const low = (byte: number): number => ((byte & 15) ^ 8) - 8
    const high = (byte: number): number => ((byte >> 4) ^ 8) - 8
    const whole = bytes.flatMap((byte) => [low(byte), high(byte)])
    const scale = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]
    const x = Array.from({ length: 32 }, (_, k) => Math.sin(k))
    const expected = [0, 1, 2, 3].map((column) =>
      x.reduce((sum, value, row) => {
        const weight = (whole[row * 4 + column] ?? 0) * (scale[row < 16 ? column : column + 4] ?? 0)
        return sum + value * weight
      }, 0),
    )
    const hand: HandModel = {
      dims: [1, 32],
      opset: 21,
      nodes: [
        node('DequantizeLinear', ['w', 's'], 'd', { axis: int(0), block_size: int(16) }),
        node('MatMul', ['x', 'd'], 'y'),
      ],
      tensors: [tensor('w', [32, 4], bytes, DataType.int4), tensor('s', [2, 4], scale)],
    }
    const { own, real, explainer } = await logitsOf(hand, x)
    const close = expected.map((value) => expect.closeTo(value, 4))
    expect(real).toEqual(close)
    expect(own).toEqual(close)
    expect(explainer.exactForward).toBe(true)
    expect(JSON.stringify(explainer.conventions)).toContain('weights kept as whole numbers')
  })
})

describe('quantised operators', () => {
  const scales = [
    tensor('s', [], [0.5]),
    tensor('z', [], [0], int8),
    tensor('ws', [2], [0.1, 0.01]),
    tensor('wz', [2], [0, 0], int8),
    tensor('ys', [], [0.05]),
    tensor('yz', [], [-28], int8),
  ]

  test('QLinearConv: weights by channel, bias in steps of both scales, range of the output', async () => {
    // w = (2 · 0.1, 30 · 0.01) = (0.2, 0.3); b = (8 · 0.5 · 0.1, 100 · 0.5 · 0.01) = (0.4, 0.5).
    // Range: (−128 + 28)·0.05 = −5 … (127 + 28)·0.05 = 7.75.
    const hand: HandModel = {
      dims: [1, 1, 1, 2],
      nodes: [
        node('QuantizeLinear', ['x', 's', 'z'], 'q'),
        node('QLinearConv', ['q', 's', 'z', 'w', 'ws', 'wz', 'ys', 'yz', 'b'], 'c'),
        node('DequantizeLinear', ['c', 'ys', 'yz'], 'd'),
        node('Flatten', ['d'], 'y'),
      ],
      tensors: [...scales, tensor('w', [2, 1, 1, 1], [2, 30], int8), tensor('b', [2], [8, 100], int32)], // prettier-ignore
    }
    const { real, own } = await logitsOf(hand, [1, 40])
    // (0.2 + 0.4, 8 + 0.4 → 7.75), (0.3 + 0.5, 12 + 0.5 → 7.75).
    const expected = [0.6, 7.75, 0.8, 7.75].map((value) => expect.closeTo(value, 5))
    expect(real).toEqual(expected)
    expect(own).toEqual(expected)
  })

  test('QLinearMatMul: a scale for each column', async () => {
    // w = ((3, 40), (−1, 20)) by (0.1, 0.01) = ((0.3, 0.4), (−0.1, 0.2)).
    const hand: HandModel = {
      dims: [1, 2],
      nodes: [
        node('QuantizeLinear', ['x', 's', 'z'], 'q'),
        node('QLinearMatMul', ['q', 's', 'z', 'w', 'ws', 'wz', 'ys', 'yz'], 'm'),
        node('DequantizeLinear', ['m', 'ys', 'yz'], 'y'),
      ],
      tensors: [...scales, tensor('w', [2, 2], [3, 40, -1, 20], int8)],
    }
    expect((await logitsOf(hand, [1, 2])).real).toEqual([
      expect.closeTo(0.1, 6),
      expect.closeTo(0.8, 6),
    ])
  })

  test('QGemm: alpha is in the bias as well; without an output scale it ends in floats', async () => {
    // 2 · x W + b with W transposed ((0.3, −0.1), (0.4, 0.2)) and b = 2 · 0.5 · (0.1 · 7, 0.01 · 50).
    const hand: HandModel = {
      dims: [1, 2],
      nodes: [
        node('QuantizeLinear', ['x', 's', 'z'], 'q'),
        node('com.microsoft.QGemm', ['q', 's', 'z', 'w', 'ws', 'wz', 'b'], 'y', {
          transB: int(1),
          alpha: float(2),
        }),
      ],
      tensors: [...scales, tensor('w', [2, 2], [3, -1, 40, 20], int8), tensor('b', [2], [7, 50], int32)], // prettier-ignore
    }
    const { real, own } = await logitsOf(hand, [1, 2])
    // 2 · (0.3 − 0.2, 0.4 + 0.4) + (0.7, 0.5)
    const expected = [expect.closeTo(0.9, 5), expect.closeTo(2.1, 5)]
    expect(real).toEqual(expected)
    expect(own).toEqual(expected)
  })

  test('an operator that computes with whole numbers is refused by name', async () => {
    const model = throughQuantiser(0, int8)
    const nodes = model.nodes.flatMap((each) =>
      each.name === 'd'
        ? [node('Max', ['q', 'q'], 'odd'), { ...each, inputs: ['odd', 's', 'z'] }]
        : [each],
    )
    await expect(refusal({ ...model, nodes })).rejects.toThrow(/“odd” \(Max\)/)
  })
})

describe('inputs of whole numbers', () => {
  const pixels = (dataType: number, nodes: HandModel['nodes']): HandModel => ({
    dims: [1, 2],
    dataType,
    nodes,
    tensors: [
      tensor('w', [2, 2], [1, 2, 3, 4]),
      tensor('s', [], [0.5]),
      tensor('z', [], [100], dataType),
    ],
  })
  const cast = pixels(uint8, [
    node('Cast', ['x'], 'c', { to: int(DataType.float) }),
    node('Gemm', ['c', 'w'], 'y'),
  ])

  test('a Cast to float is left out, and the network is the model’s own', async () => {
    const { own, real, explainer } = await logitsOf(cast, [255, 1])
    expect(own).toEqual([258, 514])
    expect(real).toEqual([258, 514])
    expect(explainer.exactForward).toBe(true)
    const { wholeNumbers } = await inspectGraph(handModel(cast), 'epsilon')
    expect(wholeNumbers).toEqual({ low: 0, high: 255 })
  })

  test.each([1.5, 256, -1, Number.NaN])('%s is no pixel', async (value) => {
    await expect(logitsOf(cast, [value, 0])).rejects.toMatchObject({ code: 'invalid-input' })
  })

  test('DequantizeLinear first: (x − 100) · 0.5', async () => {
    const model = pixels(uint8, [
      node('DequantizeLinear', ['x', 's', 'z'], 'd'),
      node('Gemm', ['d', 'w'], 'y'),
    ])
    // x = (104, 90) → (2, −5): (2 − 15, 4 − 20)
    const { own, real } = await logitsOf(model, [104, 90])
    expect(real).toEqual([-13, -16])
    expect(own).toEqual([-13, -16])
  })

  test('int8 pixels, moved before they are floats', async () => {
    const model = pixels(int8, [
      node('Transpose', ['x'], 't', { perm: ints([1, 0]) }),
      node('Cast', ['t'], 'c', { to: int(DataType.float) }),
      node('Transpose', ['c'], 'u', { perm: ints([1, 0]) }),
      node('Gemm', ['u', 'w'], 'y'),
    ])
    expect((await logitsOf(model, [-128, 2])).real).toEqual([-122, -248])
  })

  test('computed with as whole numbers they are refused by name', async () => {
    const model = pixels(uint8, [
      node('Max', ['x', 'x'], 'odd'),
      node('Cast', ['odd'], 'c', { to: int(DataType.float) }),
      node('Gemm', ['c', 'w'], 'y'),
    ])
    await expect(refusal(model)).rejects.toThrow(/“odd” \(Max\)/)
  })
})
