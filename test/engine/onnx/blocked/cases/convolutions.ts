import type { LayoutCase } from '../layoutCase'

/** Channels by blocks of b: b / 2 more are no whole block, but still fours. */
export const convolutions: readonly LayoutCase[] = [
  {
    name: 'three channels, read from the plain order',
    write: (g, b) => [g.conv(g.input(2, 3, 7, 6), 3, b)],
    inBlocks: 'Conv',
  },
  {
    name: 'four channels less than a block, read from the plain order',
    write: (g, b) => [g.conv(g.conv(g.input(2, b, 7, 6), b, b - 4), b - 4, b)],
    inBlocks: 'Conv Conv',
    outOf: 2,
  },
  {
    name: 'one whole block to two, without a bias',
    write: (g, b) => [g.conv(g.input(1, b, 7, 6), b, 2 * b, {}, false)],
    inBlocks: 'Conv',
    outOf: 1,
  },
  {
    name: 'no whole blocks',
    write: (g, b) => {
      const x = g.conv(g.input(3, b, 5, 4), b, 1.5 * b)
      return [g.conv(x, 1.5 * b, 2.5 * b)]
    },
    inBlocks: 'Conv Conv',
    outOf: 1,
  },
  {
    name: 'not even fours put out',
    write: (g, b) => [g.conv(g.input(2, b, 5, 4), b, b + 3)],
    inBlocks: 'Conv',
    outOf: 1,
  },
  {
    name: 'not even fours read',
    write: (g, b) => [g.conv(g.input(2, b + 3, 5, 4), b + 3, b)],
    inBlocks: '',
  },
  {
    name: 'not even fours between two',
    write: (g, b) => [g.conv(g.conv(g.input(2, b, 5, 4), b, b + 3), b + 3, b)],
    inBlocks: 'Conv',
    outOf: 1,
  },
  {
    name: 'depthwise',
    write: (g, b) => [g.conv(g.input(2, 2 * b, 7, 6), 1, 2 * b, { group: 2 * b })],
    inBlocks: 'Conv',
  },
  {
    name: 'depthwise, no whole blocks',
    write: (g, b) => [g.conv(g.input(2, 1.5 * b, 7, 6), 1, 1.5 * b, { group: 1.5 * b }, false)],
    inBlocks: 'Conv',
  },
  {
    name: 'depthwise, two outputs of each channel: no kernel',
    write: (g, b) => [g.conv(g.input(1, b, 7, 6), 1, 2 * b, { group: b })],
    inBlocks: '',
  },
  {
    name: 'groups of whole blocks',
    write: (g, b) => [g.conv(g.input(2, 2 * b, 7, 6), b, 4 * b, { group: 2 })],
    inBlocks: 'Conv',
  },
  {
    name: 'groups of parts of blocks: no kernel',
    write: (g, b) => [g.conv(g.input(2, 2 * b, 7, 6), b / 2, 2 * b, { group: 4 })],
    inBlocks: '',
  },
  {
    name: 'strides, uneven pads, a kernel that is no square',
    write: (g, b) => [
      g.conv(g.input(2, b, 9, 8), b, b, {
        kernel_shape: [3, 2],
        strides: [2, 3],
        pads: [0, 1, 2, 0],
      }),
    ],
    inBlocks: 'Conv',
  },
  {
    name: 'dilations',
    write: (g, b) => [g.conv(g.input(2, b, 9, 8), b, b, { dilations: [2, 1], pads: [2, 1, 2, 1] })],
    inBlocks: 'Conv',
  },
  {
    name: 'a kernel of one, with strides',
    write: (g, b) => [
      g.conv(g.input(2, 2 * b, 7, 6), 2 * b, b, { kernel_shape: [1, 1], strides: [2, 2] }),
    ],
    inBlocks: 'Conv',
  },
  {
    name: 'the same weights twice, on different images',
    write: (g, b) => {
      const inputs = (x: string): string[] => [x, weights, bias]
      const [weights, bias] = [g.weights([b, b, 3, 3], 0.3), g.weights([b])]
      const x = g.node('Conv', inputs(g.input(2, b, 9, 8)), { pads: [1, 1, 1, 1] })
      return [x, g.node('Conv', inputs(x), { strides: [2, 2] })]
    },
    inBlocks: 'Conv Conv',
    outOf: 2,
  },
  ...(
    [
      ['Relu', {}],
      ['LeakyRelu', { alpha: { f: 0.3 } }],
      ['LeakyRelu', {}],
      ['Sigmoid', {}],
      ['Tanh', {}],
    ] as const
  ).map(([operator, attributes]): LayoutCase => ({
    name: `${operator} ${JSON.stringify(attributes)} behind`,
    write: (g, b) => [g.node(operator, [g.conv(g.input(2, b, 5, 4), b, 2 * b)], attributes)],
    inBlocks: operator,
    outOf: 1,
  })),
  {
    name: 'Clip behind',
    write: (g, b) => {
      const bounds = [g.floats([], [-0.2]), g.floats([], [0.4])]
      return [g.node('Clip', [g.conv(g.input(2, b, 5, 4), b, b), ...bounds])]
    },
    inBlocks: 'Clip',
  },
  {
    name: 'Clip with one bound behind',
    write: (g, b) => [g.node('Clip', [g.conv(g.input(2, b, 5, 4), b, b), '', g.floats([], [0.4])])],
    inBlocks: 'Conv Clip',
    outOf: 1,
  },
  ...(['Relu', 'LeakyRelu'] as const).map((operator): LayoutCase => ({
    name: `${operator} behind, no whole blocks, and a convolution that reads them`,
    write: (g, b) => {
      const x = g.node(operator, [g.conv(g.input(2, b, 5, 4), b, 1.5 * b)])
      return [g.conv(x, 1.5 * b, b)]
    },
    inBlocks: `${operator} Conv`,
    outOf: 1,
  })),
  {
    name: 'Sigmoid behind, no whole blocks: missing channels would be ½',
    write: (g, b) => {
      const x = g.node('Sigmoid', [g.conv(g.input(2, b, 5, 4), b, 1.5 * b)])
      return [g.conv(x, 1.5 * b, b)]
    },
    inBlocks: 'Conv Conv',
    outOf: 2,
  },
  {
    name: 'Clip behind, no whole blocks: missing channels would be its lower bound',
    write: (g, b) => {
      const bounds = [g.floats([], [0.2]), g.floats([], [0.4])]
      const x = g.node('Clip', [g.conv(g.input(2, b, 5, 4), b, 1.5 * b), ...bounds])
      return [g.conv(x, 1.5 * b, b)]
    },
    inBlocks: 'Conv Conv',
    outOf: 2,
  },
  {
    name: 'Relu behind a value that others read as well',
    write: (g, b) => {
      const x = g.conv(g.input(2, b, 5, 4), b, b)
      return [g.node('Relu', [x]), g.node('Tanh', [x])]
    },
    inBlocks: 'Conv Relu Tanh',
    outOf: 2,
  },
  {
    name: 'a value that is put out, and read in blocks',
    write: (g, b) => {
      const x = g.conv(g.input(2, b, 5, 4), b, b)
      return [x, g.conv(g.node('Relu', [x]), b, b)]
    },
    inBlocks: 'Conv Relu Conv',
    outOf: 2,
  },
  {
    name: 'at a single position, where both orders are the same',
    write: (g, b) => {
      const x = g.conv(g.input(3, b, 1, 1), b, 2 * b, { kernel_shape: [1, 1] })
      const y = g.node('Softmax', [x], { axis: 1 })
      return [g.conv(y, 2 * b, b, { kernel_shape: [1, 1] }), y, x]
    },
    inBlocks: 'Conv Conv',
    outOf: 0,
  },
  {
    name: 'at a single position, no whole blocks',
    write: (g, b) => {
      const x = g.conv(g.input(3, b, 1, 1), b, 1.5 * b, { kernel_shape: [1, 1] })
      const y = g.node('Softmax', [x], { axis: 1 })
      return [g.conv(y, 1.5 * b, b, { kernel_shape: [1, 1] })]
    },
    inBlocks: 'Conv Conv',
    outOf: 1,
  },
  {
    name: 'weights that are no constant',
    write: (g, b) => [g.node('Conv', [g.input(2, b, 5, 4), g.input(b, b, 3, 3)])],
    inBlocks: '',
  },
  {
    name: 'along one axis, and along three',
    write: (g, b) => [
      g.node('Conv', [g.input(2, b, 9), g.weights([b, b, 3])]),
      g.node('Conv', [g.input(2, b, 4, 3, 3), g.weights([b, b, 2, 2, 2])]),
    ],
    inBlocks: '',
  },
]
