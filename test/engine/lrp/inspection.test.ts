import { describe, expect, test } from 'vitest'
import { createExplainer, inspectGraph } from '../../../src/engine/lrp/explainer'
import { int, ints, string } from '../../../src/engine/onnx/attributes'
import { floatTensor } from '../../../src/engine/onnx/elements'
import { DataType, type Node, type Value } from '../../../src/engine/onnx/model'
import { writeModel } from '../../../src/engine/onnx/write'
import { AppError } from '../../../src/shared/errors'
import type { MethodName } from '../../../src/shared/explanation/method'
import { SmallNetwork } from './support/smallNetwork'

type Step = (net: SmallNetwork, x: string) => string

/** A convolution of 2 channels, 6 × 6, and the odd one behind it. */
function networkWith(step: Step, opset = 17): Uint8Array {
  const net = new SmallNetwork([2, 6, 6], opset)
  const x = net.node('Conv', ['input', net.weights('first', [2, 2, 1, 1])])
  const y = step(net, x)
  return net.finish(net.node('Flatten', [net.node('GlobalAveragePool', [y])]))
}

async function refusalOf(bytes: Uint8Array, method: MethodName): Promise<AppError | null> {
  try {
    const options = { method, parameters: {}, start: 'logit', batch: 1 } as const
    await (await createExplainer(bytes, options)).release()
    return null
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}

const pads = (net: SmallNetwork): string => net.integers('pads', [0, 0, -1, 0, 0, 0, 1, 0])

const cases: readonly (readonly [string, Uint8Array, MethodName, RegExp])[] = [
  [
    'a Resize that reads outside',
    networkWith((net, x) => {
      const roi = net.floats('roi', [8], [0, 0, 0, 0, 1, 1, 1, 1.5])
      const inputs = [x, roi, net.floats('by', [4], [1, 1, 2, 2])]
      const attributes = { mode: string('linear'), coordinate_transformation_mode: string('tf_crop_and_resize') } // prettier-ignore
      return net.node('Resize', inputs, attributes, 'odd')
    }),
    'epsilon',
    /it reads places outside of its input/,
  ],
  [
    'a Pad that mirrors and cuts',
    networkWith((net, x) => net.node('Pad', [x, pads(net)], { mode: string('reflect') }, 'odd')),
    'epsilon-plus',
    /it cuts off and mirrors/,
  ],
  [
    'windows of a mean that begin behind the input',
    networkWith((net, x) => {
      const attributes = { kernel_shape: ints([2, 2]), strides: ints([4, 4]), pads: ints([0, 0, 1, 1]), ceil_mode: int(1) } // prettier-ignore
      return net.node('AveragePool', [x], attributes, 'odd')
    }, 19),
    'gradient',
    /it has windows/,
  ],
  [
    'a window larger than the input',
    networkWith(
      (net, x) =>
        net.node(
          'AveragePool',
          [x],
          { kernel_shape: ints([4, 4]), dilations: ints([2, 2]) },
          'odd',
        ),
      19,
    ),
    'epsilon',
    /it has windows of 4 × 4 on an input of 6 × 6/,
  ],
  [
    'nothing',
    networkWith((net, x) => {
      const bounds = [[3], [3], [2]].map((list, at) => net.integers(`bound ${at}`, list))
      return net.node('Concat', [x, net.node('Slice', [x, ...bounds], {}, 'odd')], { axis: int(2) })
    }),
    'epsilon',
    /it makes nothing: 1 × 2 × 0 × 6 numbers/,
  ],
  [
    'what zBox knows no bounds behind',
    (() => {
      const net = new SmallNetwork([2, 6, 6])
      const bent = net.node('Tanh', ['input'], {}, 'odd')
      const conv = net.node('Conv', [bent, net.weights('w', [2, 2, 3, 3])], {}, 'conv')
      return net.finish(net.node('Flatten', [net.node('GlobalAveragePool', [conv])]))
    })(),
    'epsilon-gamma-box',
    /it lies between the input and “conv”, whose rule zBox/,
  ],
  [
    'a product of constants with a summand that depends on the pixels',
    (() => {
      const net = new SmallNetwork([3])
      const [a, b] = [net.weights('a', [1, 2]), net.weights('b', [2, 3])]
      return net.finish(net.node('Gemm', [a, b, 'input'], {}, 'odd'))
    })(),
    'epsilon',
    /it multiplies constants/,
  ],
]

describe('inspection says what an explanation would refuse once shapes are known', () => {
  test.each(cases)('%s', async (_, bytes, method, reason) => {
    const error = await refusalOf(bytes, method)
    expect(error?.message).toContain('“odd”')
    const { coverage } = await inspectGraph(bytes, method)
    expect(coverage.supported).toBe(false)
    const missing = coverage.nodes.filter(({ kind }) => kind === 'missing')
    expect(missing.map(({ node }) => node)).toEqual(['odd'])
    expect(missing[0]?.detail).toMatch(reason)
  })

  test('and nothing of a network that is fine', async () => {
    const bytes = networkWith((net, x) => net.node('Pad', [x, net.integers('pads', [0, 0, 1, 1, 0, 0, 1, 1])], { mode: string('reflect') })) // prettier-ignore
    for (const method of ['epsilon', 'epsilon-gamma-box', 'gradient'] as const) {
      expect(await refusalOf(bytes, method)).toBeNull()
      expect((await inspectGraph(bytes, method)).coverage.supported).toBe(true)
    }
  })

  test('zBox behind preprocessing that it has bounds for', async () => {
    const net = new SmallNetwork([2, 6, 6])
    const scaled = net.node('Mul', ['input', net.floats('by', [], [2])])
    const conv = net.node('Conv', [scaled, net.weights('w', [2, 2, 3, 3])])
    const bytes = net.finish(net.node('Flatten', [net.node('GlobalAveragePool', [conv])]))
    expect(await refusalOf(bytes, 'epsilon-gamma-box')).toBeNull()
    expect((await inspectGraph(bytes, 'epsilon-gamma-box')).coverage.supported).toBe(true)
  })
})

/** Nodes that make y of x, with an input of any sizes. */
function modelOf(nodes: readonly Partial<Node>[], dims: Value['dims']): Uint8Array {
  const constants = [
    floatTensor('one', [1], Float32Array.of(1)),
    floatTensor('endless', [1], Float32Array.of(Infinity)),
  ]
  const full = nodes.map((node): Node => ({
    name: node.outputs?.[0] ?? '',
    operator: '',
    domain: '',
    inputs: [],
    outputs: [],
    attributes: new Map(),
    ...node,
  }))
  return writeModel({
    irVersion: 8,
    producer: 'test',
    opsets: new Map([
      ['', 17],
      ['com.example', 1],
    ]),
    graph: {
      name: 'by hand',
      nodes: [
        ...full,
        { name: 'pool', operator: 'GlobalAveragePool', domain: '', inputs: ['y'], outputs: ['p'], attributes: new Map() }, // prettier-ignore
        { name: 'flat', operator: 'Flatten', domain: '', inputs: ['p'], outputs: ['f'], attributes: new Map() }, // prettier-ignore
      ],
      initializers: new Map(constants.map((tensor) => [tensor.name, tensor])),
      inputs: [{ name: 'x', dataType: DataType.float, dims }],
      outputs: [{ name: 'f', dataType: DataType.float, dims: [] }],
    },
  })
}

const missingIn = async (...asked: Parameters<typeof inspectGraph>) =>
  (await inspectGraph(...asked)).coverage.nodes.flatMap(({ node, kind }) => (kind === 'missing' ? [node] : [])) // prettier-ignore

describe('what is known without the size, and what with it', () => {
  const odd: Partial<Node> = {
    name: 'odd',
    operator: 'MeanVarianceNormalization',
    inputs: ['x'],
    outputs: ['y'],
  }

  test('a batch that is fixed, over which is normalised', async () => {
    const bytes = modelOf([odd], [2, 2, 4, 4])
    expect((await refusalOf(bytes, 'epsilon'))?.message).toContain('“odd”')
    expect(await missingIn(bytes, 'epsilon')).toEqual(['odd'])
    // One sample alone is itself.
    expect(await missingIn(modelOf([odd], [null, 2, 4, 4]), 'epsilon')).toEqual([])
  })

  test('a size that the card states', async () => {
    const pool: Partial<Node> = {
      name: 'odd',
      operator: 'MaxPool',
      inputs: ['x'],
      outputs: ['y'],
      attributes: new Map([['kernel_shape', ints([5, 5])]]),
    }
    const bytes = modelOf([pool], [null, 2, null, null])
    expect(await missingIn(bytes, 'epsilon')).toEqual([])
    expect(await missingIn(bytes, 'epsilon', { sampleShape: [2, 4, 4] })).toEqual(['odd'])
    expect(await missingIn(bytes, 'epsilon', { sampleShape: [2, 5, 5] })).toEqual([])
  })

  test('logits that every way to stops before', async () => {
    const nodes: Partial<Node>[] = [
      { operator: 'Relu', inputs: ['x'], outputs: ['r'] },
      { operator: 'Floor', name: 'odd', inputs: ['r'], outputs: ['y'] },
    ]
    const bytes = modelOf(nodes, [null, 2, null, null])
    expect((await refusalOf(modelOf(nodes, [1, 2, 4, 4]), 'epsilon'))?.message).toContain('“odd”')
    expect(await missingIn(bytes, 'epsilon')).toEqual(['odd'])
    expect(await missingIn(bytes, 'gradient')).toEqual(['odd'])
    expect(await missingIn(bytes, 'occlusion')).toEqual([])
    // Beside another way it is only a stop.
    const beside = [...nodes.slice(0, 1), { ...nodes[1], outputs: ['s'] }, { operator: 'Add', inputs: ['r', 's'], outputs: ['y'] }] // prettier-ignore
    expect(await missingIn(modelOf(beside, [null, 2, 4, 4]), 'epsilon')).toEqual([])
  })

  test('what ONNX Runtime cannot load in the size that the file states', async () => {
    const node: Partial<Node> = {
      operator: 'Concat',
      inputs: ['x'],
      outputs: ['y'],
      attributes: new Map([['axis', int(99)]]),
    }
    await expect(inspectGraph(modelOf([node], [null, 2, 4, 4]), 'epsilon')).rejects.toMatchObject({
      code: 'invalid-model',
    })
    expect(await missingIn(modelOf([node], [null, 2, null, null]), 'epsilon')).toEqual([])
  })

  test('a weight that is not finite', async () => {
    const nodes: Partial<Node>[] = [
      { operator: 'Mul', name: 'odd', inputs: ['x', 'endless'], outputs: ['y'] },
    ]
    const bytes = modelOf(nodes, [null, 2, 4, 4])
    expect((await refusalOf(bytes, 'epsilon'))?.message).toContain('“odd”')
    expect(await missingIn(bytes, 'epsilon')).toEqual(['odd'])
  })

  test('an operator that nobody brings along, though it reads constants alone', async () => {
    const nodes: Partial<Node>[] = [
      { name: 'odd', operator: 'Own', domain: 'com.example', inputs: ['one'], outputs: ['o'] },
      { operator: 'Mul', inputs: ['x', 'o'], outputs: ['y'] },
    ]
    expect((await refusalOf(modelOf(nodes, [1, 2, 4, 4]), 'epsilon'))?.message).toContain('“odd”')
    const bytes = modelOf(nodes, [null, 2, null, null])
    expect(await missingIn(bytes, 'epsilon')).toEqual(['odd'])
    expect(await missingIn(bytes, 'occlusion')).toEqual(['odd'])
  })

  test.each([
    ['the second', ['y', '', 'z']],
    ['the last', ['z', 'y', '']],
  ])('a Split one of whose parts has no name, %s', async (_, outputs) => {
    const attributes = new Map([['axis', int(3)]])
    const bytes = modelOf(
      [{ name: 'odd', operator: 'Split', inputs: ['x'], outputs, attributes }],
      [null, 2, 4, 6],
    )
    expect((await refusalOf(bytes, 'epsilon'))?.message).toContain('“odd” (Split) cannot be run')
    expect(await missingIn(bytes, 'epsilon')).toEqual(['odd'])
  })
})
