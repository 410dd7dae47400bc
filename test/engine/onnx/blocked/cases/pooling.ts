import type { PlainAttributes } from '../../../reference/plainAttributes'
import type { LayoutCase } from '../layoutCase'

const forms: readonly PlainAttributes[] = [
  { kernel_shape: [2, 2], strides: [2, 2] },
  { kernel_shape: [3, 2], strides: [2, 1], pads: [1, 0, 1, 1] },
  { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 },
  { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], ceil_mode: 1 },
  { kernel_shape: [2, 3], strides: [3, 2], pads: [1, 1, 0, 0], ceil_mode: 1 },
]
const averages: readonly PlainAttributes[] = [
  ...forms,
  { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], count_include_pad: 1 },
]
/** Their windows hang over the padding, which ONNX Runtime's kernel for blocks divides by. */
const overhanging: readonly PlainAttributes[] = [
  { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], ceil_mode: 1, count_include_pad: 1 },
  { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1, count_include_pad: 1 },
]

const pooled = (operator: string, attributes: PlainAttributes): LayoutCase => ({
  name: [operator, JSON.stringify(attributes)].join(' '),
  write: (g, b) => {
    const x = g.conv(g.input(2, b, 8, 7), b, 2 * b)
    return [g.conv(g.node(operator, [x], attributes), 2 * b, b)]
  },
  inBlocks: `Conv ${operator} Conv`,
  outOf: 1,
})

/** Each element repeated `rows` times down and `columns` times across. */
const repeated =
  (rows: number, columns: number, mode: PlainAttributes): LayoutCase['write'] =>
  (g, b) => {
    const x = g.conv(g.input(3, b, 3, 4), b, 2 * b)
    const scales = g.floats([4], [1, 1, rows, columns])
    return [g.conv(g.node('Resize', [x, '', scales], mode), 2 * b, b)]
  }
const floor = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' } // prettier-ignore

export const pooling: readonly LayoutCase[] = [
  ...forms.map((attributes) => pooled('MaxPool', attributes)),
  pooled('MaxPool', { kernel_shape: [2, 2], dilations: [2, 1] }),
  pooled('MaxPool', { kernel_shape: [3, 3], strides: [2, 2], auto_pad: 'SAME_UPPER' }),
  ...averages.map((attributes) => pooled('AveragePool', attributes)),
  ...overhanging.map((attributes) => ({
    ...pooled('AveragePool', attributes),
    inBlocks: 'Conv Conv',
    outOf: 2,
  })),
  {
    name: 'GlobalMaxPool, GlobalAveragePool',
    write: (g, b) => {
      const x = g.conv(g.input(3, b, 5, 4), b, 2 * b)
      const all = ['GlobalMaxPool', 'GlobalAveragePool'].map((operator) => g.node(operator, [x]))
      return [...all, g.conv(all[1] ?? '', 2 * b, b, { kernel_shape: [1, 1] })]
    },
    inBlocks: 'Conv GlobalMaxPool GlobalAveragePool Conv',
    outOf: 0,
  },
  {
    name: 'pooling where there are no whole blocks',
    write: (g, b) => {
      const x = g.conv(g.input(2, b, 5, 4), b, 1.5 * b)
      return [g.node('GlobalAveragePool', [x]), g.node('MaxPool', [x], { kernel_shape: [2, 2] })]
    },
    inBlocks: 'Conv',
    outOf: 1,
  },
  {
    name: 'pooling of what is plain',
    write: (g, b) => [g.node('MaxPool', [g.input(2, b, 5, 4)], { kernel_shape: [2, 2] })],
    inBlocks: '',
  },
  {
    name: 'MaxPool that tells where its winners are',
    write: (g, b) =>
      g.nodesOf('MaxPool', [g.conv(g.input(2, b, 5, 4), b, b)], { kernel_shape: [2, 2] }, 2),
    inBlocks: 'Conv',
    outOf: 1,
  },
  { name: 'Resize by 2', write: repeated(2, 2, floor), inBlocks: 'Conv Resize Conv', outOf: 1 },
  {
    name: 'Resize by 2 down and 3 across',
    write: repeated(2, 3, floor),
    inBlocks: 'Conv Resize Conv',
    outOf: 1,
  },
  {
    name: 'Resize of a single position',
    write: (g, b) => {
      const x = g.node('GlobalAveragePool', [g.conv(g.input(2, b, 5, 4), b, b)])
      return [g.node('Resize', [x, '', g.floats([4], [1, 1, 5, 4])], floor)]
    },
    inBlocks: 'Conv GlobalAveragePool Resize',
    outOf: 1,
  },
  ...(
    [
      ['by 1½', 1.5, floor],
      ['linear', 2, { ...floor, mode: 'linear' }],
      ['to the middle', 2, { mode: 'nearest' }],
    ] as const
  ).map(([name, by, mode]): LayoutCase => ({
    name: `Resize ${name} stays as it is`,
    write: repeated(by, by, mode),
    inBlocks: 'Conv Conv',
    outOf: 2,
  })),
  {
    name: 'Resize where there are no whole blocks stays as it is',
    write: (g, b) => {
      const x = g.conv(g.input(2, b, 3, 4), b, 1.5 * b)
      return [g.node('Resize', [x, '', g.floats([4], [1, 1, 2, 2])], floor)]
    },
    inBlocks: 'Conv',
    outOf: 1,
  },
]
