import { describe, expect, test } from 'vitest'
import { findShapes } from '../../../../src/engine/onnx/blocked/shapes'
import { DataType } from '../../../../src/engine/onnx/model'
import { generate } from '../../lrp/randomGraphs/generate'
import { compiledFor, feedsFor, runAsItIs, shapesOf } from './run'
import { SmallGraph } from './smallGraph'

/** Every operator whose shape is stated, in graphs of which nothing is known beforehand. */
const graphs: Readonly<Record<string, (g: SmallGraph) => void>> = {
  'on each element': (g) => {
    const x = g.input(2, 3, 4, 5)
    const zero = g.floats([], [0])
    for (const operator of [
      'Relu',
      'LeakyRelu',
      'Elu',
      'Selu',
      'Celu',
      'Sigmoid',
      'HardSigmoid',
      'HardSwish',
      'Softplus',
      'Tanh',
      'ThresholdedRelu',
      'Erf',
      'Exp',
      'Log',
      'Sqrt',
      'Reciprocal',
      'Neg',
      'Abs',
      'Sign',
      'Identity',
      'Softmax',
    ])
      // prettier-ignore
      g.node(operator, [x])
    g.node('Clip', [x, '', zero])
    g.node('Cast', [x], { to: DataType.int32 })
    g.node('PRelu', [x, g.weights([3, 1, 1])])
  },
  'on the elements of several, repeated': (g) => {
    const [x, y, row] = [g.input(2, 1, 4, 5), g.input(1, 3, 4, 1), g.input(5)]
    for (const operator of ['Add', 'Sub', 'Mul', 'Div', 'Min', 'Max', 'Sum', 'Pow'])
      g.node(operator, [x, y])
    const truths = ['Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'Equal'].map((operator) =>
      g.node(operator, [y, row]),
    )
    for (const operator of ['And', 'Or', 'Xor']) g.node(operator, truths.slice(0, 2))
    g.node('Where', [g.node('Not', truths.slice(0, 1)), x, g.floats([], [0])])
    g.node('Sum', [row, x, y])
  },
  ScatterElements: (g) => {
    const [x, updates] = [g.input(2, 6), g.input(2, 3)]
    g.node('ScatterElements', [x, g.integerTable([2, 3], [0, 1, 2, 3, 4, 5]), updates], { axis: 1 })
  },
  'Transpose and ReduceSum': (g) => {
    const x = g.input(2, 3, 4, 5)
    g.node('Transpose', [x], { perm: [0, 3, 1, 2] })
    g.node('ReduceSum', [x, g.integers(2, 3)])
    g.node('ReduceSum', [x, g.integers(-1, 0)], { keepdims: 0 })
    g.node('ReduceSum', [x, g.integers(1)], { keepdims: 1 })
  },
  Conv: (g) => {
    g.conv(g.input(2, 3, 9, 8), 3, 4, { kernel_shape: [3, 2], strides: [2, 3], pads: [0, 1, 2, 0] })
    g.conv(g.input(2, 4, 9, 8), 2, 6, { dilations: [3, 2], group: 2 }, false)
    g.conv(g.input(1, 4, 7, 7), 4, 2, { kernel_shape: [1, 1], strides: [2, 2] })
    g.node('Conv', [g.input(2, 3, 9), g.weights([4, 3, 2])], { strides: [2] })
  },
  ConvTranspose: (g) => {
    const form = { strides: [2, 3], pads: [1, 0, 0, 2], output_padding: [1, 2] }
    g.node('ConvTranspose', [g.input(2, 3, 4, 5), g.weights([3, 4, 3, 2])], form)
    g.node('ConvTranspose', [g.input(2, 4, 4, 5), g.weights([4, 3, 3, 2])], { group: 2, dilations: [2, 3] }) // prettier-ignore
  },
  MaxPool: (g) => {
    const form = { kernel_shape: [3, 2], strides: [2, 1], pads: [1, 0, 1, 1] }
    g.node('MaxPool', [g.input(2, 3, 8, 7)], form)
    g.node('MaxPool', [g.input(2, 3, 8, 7)], { kernel_shape: [2, 2], dilations: [2, 3] })
    g.node('GlobalAveragePool', [g.input(2, 3, 8, 7)])
  },
  products: (g) => {
    g.node('Gemm', [g.input(2, 5), g.weights([5, 3]), g.weights([3])])
    g.node('Gemm', [g.input(2, 5), g.weights([3, 5])], { transB: 1 })
    g.node('MatMul', [g.input(2, 5), g.weights([5, 3])])
    g.node('MatMul', [g.input(2, 1, 4, 5), g.input(3, 5, 6)])
  },
  Reshape: (g) => {
    const x = g.input(2, 3, 4, 5)
    g.node('Reshape', [x, g.integers(6, -1)])
    g.node('Reshape', [x, g.integers(2, 3, 20)])
    g.node('Reshape', [x, g.integers(-1)])
  },
  'Concat and Slice': (g) => {
    const x = g.input(2, 3, 4, 5)
    g.node('Concat', [x, g.input(2, 2, 4, 5), x], { axis: 1 })
    g.node('Concat', [x, g.input(2, 3, 4, 1)], { axis: -1 })
    const slice = (starts: number[], ends: number[], axes: number[]): string =>
      g.node('Slice', [x, g.integers(...starts), g.integers(...ends), g.integers(...axes)])
    slice([1], [2], [1])
    slice([-2, 1], [2 ** 31 - 1, -1], [2, 3])
    slice([0], [100], [-1])
    const every = [g.integers(1, 0), g.integers(4, 5), g.integers(2, 3), g.integers(2, 3)]
    g.node('Slice', [x, ...every])
  },
  'Expand, Resize and DepthToSpace': (g) => {
    g.node('DepthToSpace', [g.input(2, 12, 4, 5)], { blocksize: 2 })
    g.node('Expand', [g.input(2, 1, 4, 1), g.integers(3, 1, 5)])
    g.node('Expand', [g.input(4, 1), g.integers(2, 3, 1, 5)])
    g.node('Resize', [g.input(2, 3, 4, 5), '', g.floats([4], [1, 1, 2, 3])])
    g.node('Resize', [g.input(2, 3, 5, 5), '', g.floats([4], [1, 1, 1.5, 0.5])])
  },
}

describe('shapes of a compiled graph’s values', () => {
  test.each(Object.entries(graphs))('%s', async (_, write) => {
    const graph = new SmallGraph()
    write(graph)
    const ours = findShapes(graph.model([]).graph, new Map())
    const theirs = await shapesOf(graph)
    expect(theirs.size).toBeGreaterThan(0)
    for (const [value, shape] of theirs) expect(ours.get(value), value).toEqual(shape)
  })

  test('what is not read has no shape, nor has what comes of it', () => {
    const g = new SmallGraph()
    const x = g.input(2, 3, 8, 7)
    const unread = [
      g.node('MaxPool', [x], { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }),
      g.node('Slice', [x, g.integers(3), g.integers(0), g.integers(1), g.integers(-1)]),
      g.node('Reshape', [x, g.integers(0, -1)]),
      g.node('Transpose', [x]),
      g.node('Gemm', [g.input(3, 2), g.weights([3, 4])], { transA: 1 }),
      g.node('MatMul', [g.input(3), g.weights([3, 4])]),
    ]
    const behind = unread.map((value) => g.node('Relu', [value]))
    const shapes = findShapes(g.model([]).graph, new Map())
    for (const value of [...unread, ...behind]) expect(shapes.has(value), value).toBe(false)
  })

  test('a reshape that states every size tells it of what is not known, too', () => {
    const g = new SmallGraph()
    const pooled = g.node('MaxPool', [g.input(1, 2, 5, 5)], { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 }) // prettier-ignore
    const stated = g.node('Reshape', [pooled, g.integers(1, 2, 9)])
    const open = g.node('Reshape', [pooled, g.integers(1, -1)])
    const shapes = findShapes(g.model([]).graph, new Map())
    expect(shapes.get(stated)).toEqual([1, 2, 9])
    expect(shapes.has(open)).toBe(false)
  })

  test('known shapes are taken as they are, and carried on', () => {
    const g = new SmallGraph()
    const known = g.node('Transpose', [g.input(2, 3, 8, 7)], { perm: [0, 2, 3, 1] })
    const behind = g.node('Relu', [known])
    const shapes = findShapes(g.model([]).graph, new Map([[known, [2, 8, 7, 3]]]))
    expect(shapes.get(behind)).toEqual([2, 8, 7, 3])
  })

  test.each(Array.from({ length: 20 }, (_, at) => 1 + at))(
    'of a random classifier and its relevance, seed %i',
    async (seed) => {
      const { model, shapes } = await compiledFor(generate(seed).bytes, 'epsilon-plus-flat', 'gradient') // prettier-ignore
      const values = model.graph.nodes.flatMap(({ outputs }) => outputs).filter(Boolean)
      const outputs = values.map((name) => ({ name, dataType: 0, dims: [] }))
      const whole = { ...model, graph: { ...model.graph, outputs } }
      const theirs = await runAsItIs(whole, feedsFor(whole), 'disabled')
      const ours = findShapes(model.graph, shapes)
      // Some are not stated: nodes of other kinds, and all behind them.
      const stated = [...theirs].filter(([value]) => ours.has(value))
      expect(stated.length).toBeGreaterThan(theirs.size / 3)
      for (const [value, { dims }] of stated) expect(ours.get(value), value).toEqual(dims)
    },
  )
})
