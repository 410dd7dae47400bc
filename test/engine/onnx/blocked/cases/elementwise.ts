import { DataType } from '../../../../../src/engine/onnx/model'
import type { PlainAttributes } from '../../../reference/plainAttributes'
import type { LayoutCase } from '../layoutCase'
import type { SmallGraph } from '../smallGraph'

/** [2, c, 5, 4], in blocks. */
function image(g: SmallGraph, c: number, batch = 2): string {
  return g.conv(g.input(batch, 3, 5, 4), 3, c)
}

/** As large, but 0.5 … 1.5. */
function positive(g: SmallGraph, c: number, batch = 2): string {
  const bounds = [g.floats([], [-0.5]), g.floats([], [0.5])]
  return g.node('Add', [g.node('Clip', [image(g, c, batch), ...bounds]), g.floats([], [1])])
}

const unary: readonly (readonly [string, PlainAttributes?])[] = [
  ['Relu'], ['LeakyRelu', { alpha: { f: 0.2 } }], ['Elu', { alpha: { f: 0.5 } }], ['Selu'], ['Celu'],
  ['Sigmoid'], ['HardSigmoid'], ['HardSwish'], ['Softplus'], ['Tanh'], ['ThresholdedRelu', { alpha: { f: 0.3 } }],
  ['Erf'], ['Exp'], ['Neg'], ['Abs'], ['Sign'],
] // prettier-ignore
const binary = ['Add', 'Sub', 'Mul', 'Div', 'Min', 'Max', 'Sum', 'Pow']

const alone: readonly LayoutCase[] = [
  {
    name: 'functions of one value',
    write: (g, b) => {
      const x = image(g, b)
      const root = positive(g, b)
      return [
        ...unary.map(([operator, attributes]) => g.node(operator, [x], attributes)),
        ...['Log', 'Sqrt', 'Reciprocal'].map((operator) => g.node(operator, [root])),
        g.node('Clip', [x, '', g.floats([1], [0.1])]),
        g.node('Cast', [x], { to: DataType.float }),
      ]
    },
    inBlocks: `Conv Clip Add ${unary.map(([name]) => name).join(' ')} Log Sqrt Reciprocal Clip Cast`,
  },
  {
    name: 'functions of one value, no whole blocks: those that keep 0',
    write: (g, b) => {
      const x = image(g, 1.5 * b)
      return unary.map(([operator, attributes]) => g.node(operator, [x], attributes))
    },
    inBlocks: 'Conv Relu LeakyRelu Neg Abs',
  },
  {
    name: 'functions of what is plain',
    write: (g, b) => {
      const x = g.input(2, b, 5, 4)
      return [g.node('Tanh', [x]), g.node('Add', [x, g.floats([], [2])])]
    },
    inBlocks: '',
  },
]

const twoValues: readonly LayoutCase[] = [
  {
    name: 'of two values in blocks',
    write: (g, b) => {
      const [x, y] = [positive(g, b), image(g, b)]
      return binary.map((operator) => g.node(operator, operator === 'Div' ? [y, x] : [x, y]))
    },
    inBlocks: `Clip Add Conv ${binary.join(' ')}`,
  },
  {
    name: 'of three values',
    write: (g, b) => {
      const values = [image(g, b), image(g, b), g.input(2, b, 5, 4)]
      return ['Sum', 'Max', 'Min'].map((operator) => g.node(operator, values))
    },
    inBlocks: 'Conv Conv Sum Max Min',
  },
  {
    name: 'of a value in blocks and a plain one',
    write: (g, b) => {
      const values = [image(g, b), g.input(2, b, 5, 4)]
      return ['Sub', 'Mul'].flatMap((operator) => [
        g.node(operator, values),
        g.node(operator, values.toReversed()),
      ])
    },
    inBlocks: 'Conv Sub Sub Mul Mul',
  },
  {
    name: 'of one sample against three',
    write: (g, b) => {
      const [one, three] = [image(g, b, 1), image(g, b, 3)]
      return ['Sub', 'Mul', 'Max'].flatMap((operator) => [
        g.node(operator, [one, three]),
        g.node(operator, [three, one]),
      ])
    },
    inBlocks: 'Conv Conv Sub Sub Mul Mul Max Max',
  },
  {
    name: 'of values with no whole blocks: missing channels must stay 0',
    write: (g, b) => {
      const [x, y] = [positive(g, 1.5 * b), image(g, 1.5 * b)]
      const results = binary.map((operator) => g.node(operator, operator === 'Div' ? [y, x] : [x, y])) // prettier-ignore
      // 0 / 0 would be seen behind a convolution that reads the missing channels, too.
      return results.map((value) => g.conv(value, 1.5 * b, b))
    },
    inBlocks: `Conv Conv Add Sub Mul Sum ${binary.map(() => 'Conv').join(' ')}`,
  },
  {
    name: 'of a value and a scalar',
    write: (g, b) => {
      const x = image(g, b)
      const scalars = [g.floats([], [1.5]), g.floats([1], [0.5]), g.floats([1, 1, 1, 1], [-2])]
      return ['Add', 'Sub', 'Mul', 'Div', 'Max'].flatMap(
        (operator) =>
        scalars.flatMap((scalar) => [g.node(operator, [x, scalar]), g.node(operator, [scalar, g.node('Exp', [x])])]), // prettier-ignore
      )
    },
    inBlocks: `Conv ${['Add', 'Sub', 'Mul', 'Div', 'Max'].map((name) => `${name} Exp ${name} `.repeat(3).trim()).join(' ')}`,
  },
  {
    name: 'of a value with no whole blocks and a scalar: only a product keeps 0',
    write: (g, b) => {
      const x = image(g, 1.5 * b)
      const two = g.floats([], [2])
      return ['Mul', 'Add', 'Sub', 'Div', 'Sum'].map((operator) =>
        g.conv(g.node(operator, [x, two]), 1.5 * b, b),
      )
    },
    inBlocks: 'Conv Mul Conv Conv Conv Conv Conv',
  },
  {
    name: 'of a single number for each image',
    write: (g, b) => {
      const x = g.conv(g.input(2, b, 1, 1), b, 1, { kernel_shape: [1, 1] })
      return [g.node('Mul', [x, x]), g.node('Mul', [image(g, b), x])]
    },
    inBlocks: 'Conv Mul Conv',
  },
  {
    name: 'of a single number',
    write: (g, b) => {
      const x = g.conv(g.input(1, b, 1, 1), b, 1, { kernel_shape: [1, 1] })
      const square = g.node('Mul', [x, g.node('Relu', [x])])
      return [square, g.node('Mul', [image(g, b, 1), square])]
    },
    inBlocks: 'Conv Conv Mul',
  },
]

/** Constants that are repeated over positions, channels or samples. */
const constants: readonly LayoutCase[] = [
  ...(
    [
      ['[1, C, 1, 1]', (c: number) => [1, c, 1, 1]],
      ['[C, 1, 1]', (c: number) => [c, 1, 1]],
    ] as const
  ).flatMap(([name, dims]): LayoutCase[] => [
    {
      name: `a constant ${name}`,
      write: (g, b) => {
        const x = image(g, b)
        const constant = g.weights(dims(b))
        return [
          g.node('Mul', [x, constant]),
          g.node('Mul', [constant, x]),
          g.node('Add', [x, constant]),
          g.node('Add', [constant, x]),
          g.node('Sub', [x, constant]),
          g.node('Sub', [constant, x]),
        ]
      },
      inBlocks: 'Conv Mul Mul Add Add Sub',
    },
    {
      name: `a constant ${name}, no whole blocks`,
      write: (g, b) => {
        const x = image(g, 1.5 * b)
        const constant = g.weights(dims(1.5 * b))
        const all = [
          g.node('Mul', [x, constant]),
          g.node('Add', [constant, x]),
          g.node('Sub', [x, constant]),
        ]
        return all.map((value) => g.conv(value, 1.5 * b, b))
      },
      inBlocks: 'Conv Mul Add Sub Conv Conv Conv',
    },
  ]),
  {
    name: 'a constant for each channel, and Relu behind',
    write: (g, b) => {
      const constant = g.weights([1, b, 1, 1])
      return [g.node('Relu', [g.node('Mul', [g.node('Exp', [image(g, b)]), constant])])]
    },
    inBlocks: 'Conv Exp Relu',
  },
  {
    name: 'a divisor for each channel',
    write: (g, b) => [
      g.node('Div', [image(g, b), g.floats([1, b, 1, 1], Array.from({ length: b }, (_, c) => c + 1))]), // prettier-ignore
    ],
    inBlocks: 'Conv',
  },
  {
    name: 'a constant for each position',
    write: (g, b) => {
      const x = image(g, 2 * b)
      const constant = g.floats(
        [1, 1, 5, 4],
        Array.from({ length: 20 }, (_, at) => at / 10 - 0.95),
      )
      return ['Add', 'Sub', 'Mul', 'Div', 'Max'].flatMap((operator) => [
        g.node(operator, [x, constant]),
        ...(operator === 'Div' ? [] : [g.node(operator, [constant, x])]),
      ])
    },
    inBlocks: 'Conv Add Add Sub Sub Mul Mul Div Max Max',
    outOf: 9,
  },
  {
    name: 'a constant for each position, no whole blocks',
    write: (g, b) => [g.node('Mul', [image(g, 1.5 * b), g.weights([1, 1, 5, 4])])],
    inBlocks: 'Conv',
  },
  {
    name: 'a constant for each element',
    write: (g, b) => {
      const x = image(g, 2 * b, 3)
      return [[1, 2 * b, 5, 4], [3, 2 * b, 5, 4]].map((dims) =>
        g.node('Mul', [x, g.weights(dims)]),
      ) // prettier-ignore
    },
    inBlocks: 'Conv Mul Mul',
    outOf: 2,
  },
  {
    name: 'a constant for each element, no whole blocks',
    write: (g, b) => {
      const x = image(g, 1.5 * b, 3)
      const fulls = [1, 3].map((n) => g.weights([n, 1.5 * b, 5, 4]))
      return fulls.flatMap((full) =>
        ['Mul', 'Add'].map((operator) => g.conv(g.node(operator, [x, full]), 1.5 * b, b)),
      )
    },
    inBlocks: 'Conv Mul Conv Add Conv Mul Conv Add Conv',
    outOf: 4,
  },
  {
    name: 'a constant for each element without the samples’ axis',
    write: (g, b) => [g.node('Mul', [image(g, b), g.weights([b, 5, 4])])],
    inBlocks: 'Conv',
  },
  {
    name: 'a gate for each channel that is no constant',
    write: (g, b) => {
      const x = image(g, b)
      const gate = g.node('Sigmoid', [
        g.conv(g.node('GlobalAveragePool', [x]), b, b, { kernel_shape: [1, 1] }),
      ])
      return [g.conv(g.node('Mul', [x, gate]), b, b)]
    },
    inBlocks: 'Conv GlobalAveragePool Sigmoid Conv',
  },
]

const truths: readonly LayoutCase[] = [
  {
    name: 'comparisons, as numbers',
    write: (g, b) => {
      const [x, y] = [image(g, b), image(g, b)]
      const zero = g.floats([], [0])
      return ['Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'Equal'].flatMap((operator) => [
        g.node('Cast', [g.node(operator, [x, y])], { to: DataType.float }),
        g.node('Cast', [g.node(operator, [x, zero])], { to: DataType.float }),
      ])
    },
    inBlocks: `Conv Conv ${['Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'Equal'].map((name) => `${name} Cast ${name} Cast`).join(' ')}`,
  },
  {
    name: 'Where, and what is said of truths',
    write: (g, b) => {
      const [x, y] = [image(g, b), image(g, b)]
      const zero = g.floats([], [0])
      const [p, q] = [g.node('Greater', [x, zero]), g.node('Less', [y, zero])]
      const all = [
        ...['And', 'Or', 'Xor'].map((operator) => g.node(operator, [p, q])),
        g.node('Not', [p]),
      ]
      return all.flatMap((truth) => [
        g.node('Where', [truth, x, zero]),
        g.node('Where', [truth, x, y]),
      ])
    },
    inBlocks:
      'Conv Conv Greater Less And Or Xor Not Where Where Where Where Where Where Where Where',
  },
  {
    name: 'truths that are read in the plain order, or put out',
    write: (g, b) => {
      const [x, y] = [image(g, b), image(g, b)]
      const p = g.node('Greater', [x, y])
      return [p, g.node('Where', [p, x, g.weights([1, b, 1, 1])])]
    },
    inBlocks: 'Conv Conv Greater',
  },
  {
    name: 'whole numbers that are put out',
    write: (g, b) => [g.node('Cast', [image(g, b)], { to: DataType.int64 })],
    inBlocks: 'Conv',
  },
  {
    name: 'truths that are plain',
    write: (g, b) => {
      const [x, plain] = [image(g, b), g.input(2, b, 5, 4)]
      const p = g.node('Greater', [plain, g.floats([], [0])])
      return [g.node('Where', [p, x, g.floats([], [0])])]
    },
    inBlocks: 'Conv',
  },
  {
    name: 'truths that are constant',
    write: (g, b) => {
      const x = image(g, b)
      const p = g.truths(
        [1, b, 5, 4],
        Array.from({ length: 20 * b }, (_, at) => +(at % 3 > 0)),
      )
      return [g.node('Where', [p, x, g.floats([], [0])])]
    },
    inBlocks: 'Conv',
  },
  {
    name: 'comparisons, no whole blocks',
    write: (g, b) => {
      const x = image(g, 1.5 * b)
      const zero = g.floats([], [0])
      const p = g.node('GreaterOrEqual', [x, zero])
      return [g.node('Cast', [p], { to: DataType.float }), g.node('Where', [p, x, zero])]
    },
    inBlocks: 'Conv',
  },
]

const normalisations: readonly LayoutCase[] = (['', 'Relu'] as const).flatMap((behind) =>
  ([1, 1.5] as const).map((blocks) => ({
    name: `BatchNormalization, ${blocks} blocks, ${behind || 'nothing'} behind`,
    write: (g, b) => {
      const c = blocks * b
      const x = g.node('Relu', [image(g, c)])
      const variances = Array.from({ length: c }, (_, at) => 0.5 + at / c)
      const inputs = [x, g.weights([c]), g.weights([c]), g.weights([c]), g.floats([c], variances)]
      const y = g.node('BatchNormalization', inputs, { epsilon: { f: 1e-3 } })
      return [g.conv(behind === '' ? y : g.node(behind, [y]), c, b)]
    },
    inBlocks: `Relu ${behind || 'BatchNormalization'} Conv`,
    outOf: 1,
  })),
)

export const elementwise: readonly LayoutCase[] = [
  ...alone,
  ...twoValues,
  ...constants,
  ...truths,
  ...normalisations,
]
