import type { LayoutCase } from '../layoutCase'
import type { SmallGraph } from '../smallGraph'

/** An image in blocks. */
function image(g: SmallGraph, b: number, batch = 2): string {
  return g.conv(g.input(batch, b, 5, 4), b, 2 * b)
}

/** Two of them, and a plain one. */
function images(g: SmallGraph, b: number, batch = 2): { a: string; c: string; plain: string } {
  return { a: image(g, b, batch), c: image(g, b, batch), plain: g.input(batch, 2 * b, 5, 4) }
}

/** A convolution and something else, added. */
const additions: readonly LayoutCase[] = [
  ...([0, 1] as const).flatMap((place): LayoutCase[] => [
    {
      name: `a convolution and what came before, as summand ${1 - place}`,
      write: (g, b) => {
        const x = g.node('Relu', [g.conv(g.input(2, b, 5, 4), b, b)])
        const summands = [g.conv(x, b, b), x]
        return [g.node('Add', place === 0 ? summands : summands.toReversed())]
      },
      inBlocks: 'Relu Add',
      outOf: 1,
    },
    {
      name: `a convolution and what comes after it, as summand ${1 - place}`,
      write: (g, b) => {
        const x = g.input(2, b, 5, 4)
        const first = g.conv(x, b, b)
        const second = g.node('Tanh', [g.node('Exp', [x])])
        return [g.node('Add', place === 0 ? [first, second] : [second, first])]
      },
      inBlocks: 'Add',
      outOf: 1,
    },
    {
      name: `Relu behind the sum, as summand ${1 - place}`,
      write: (g, b) => {
        const x = g.node('Relu', [g.conv(g.input(2, b, 5, 4), b, b)])
        const summands = [g.conv(x, b, b), x]
        return [g.node('Relu', [g.node('Add', place === 0 ? summands : summands.toReversed())]), x]
      },
      inBlocks: 'Relu Relu',
      outOf: 2,
    },
  ]),
  {
    name: 'two convolutions added: one of them adds',
    write: (g, b) => {
      const { a, c } = images(g, b)
      return [g.node('Add', [a, c])]
    },
    inBlocks: 'Conv Add',
    outOf: 1,
  },
  {
    name: 'two convolutions added twice over, in a chain',
    write: (g, b) => {
      const { a, c, plain } = images(g, b, 3)
      const x = g.node('Add', [c, a])
      return [g.conv(g.node('Add', [g.conv(x, 2 * b, 2 * b), plain]), 2 * b, b)]
    },
    inBlocks: 'Conv Add Add Conv',
    outOf: 1,
  },
  {
    name: 'a depthwise convolution added',
    write: (g, b) => {
      const x = g.node('Relu', [g.conv(g.input(2, b, 5, 4), b, b)])
      return [g.node('LeakyRelu', [g.node('Add', [x, g.conv(x, 1, b, { group: b })])])]
    },
    inBlocks: 'Relu LeakyRelu',
    outOf: 1,
  },
  {
    name: 'a convolution of the plain image added',
    write: (g, b) => {
      const x = g.input(2, 3, 5, 4)
      return [g.node('Add', [g.conv(x, 3, b), g.conv(x, 3, b)])]
    },
    inBlocks: 'Conv Add',
  },
  {
    name: 'added where there are no whole blocks',
    write: (g, b) => {
      const x = g.conv(g.input(2, b, 5, 4), b, 1.5 * b)
      return [g.node('Relu', [g.node('Add', [x, g.conv(x, 1.5 * b, 1.5 * b)])])]
    },
    inBlocks: 'Conv Relu',
    outOf: 1,
  },
  {
    name: 'added with not even fours',
    write: (g, b) => {
      const x = g.input(2, b, 5, 4)
      const sum = g.node('Add', [g.conv(x, b, b + 3), g.node('Relu', [g.conv(x, b, b + 3)])])
      return [g.node('Add', [g.conv(x, b, b + 3), g.node('Tanh', [sum])])]
    },
    inBlocks: 'Conv Relu Add Conv',
  },
  {
    name: 'a convolution added to itself',
    write: (g, b) => {
      const x = g.conv(g.input(2, b, 5, 4), b, b)
      return [g.node('Add', [x, x])]
    },
    inBlocks: 'Conv Add',
    outOf: 1,
  },
  {
    name: 'a convolution and one sample for all of them',
    write: (g, b) => [
      g.node('Add', [g.conv(g.input(3, b, 5, 4), b, b), g.conv(g.input(1, b, 5, 4), b, b)]),
    ],
    inBlocks: 'Conv Conv Add',
    outOf: 1,
  },
  {
    name: 'a convolution and a constant',
    write: (g, b) => [g.node('Add', [g.conv(g.input(2, b, 5, 4), b, b), g.weights([2, b, 5, 4])])],
    inBlocks: 'Conv Add',
    outOf: 1,
  },
]

const positions: readonly LayoutCase[] = [
  ...[0, 1].map((keepdims): LayoutCase => ({
    name: `over positions, keepdims ${keepdims}`,
    write: (g, b) => [g.node('ReduceSum', [image(g, b, 3), g.integers(2, 3)], { keepdims })],
    inBlocks: 'Conv',
    outOf: 0,
  })),
  {
    name: 'over positions, no whole blocks',
    write: (g, b) => [
      g.node('ReduceSum', [g.conv(g.input(2, b, 5, 4), b, 1.5 * b), g.integers(2, 3)]),
    ],
    inBlocks: 'Conv',
    outOf: 1,
  },
  {
    name: 'over channels',
    write: (g, b) => [g.node('ReduceSum', [image(g, b), g.integers(1)])],
    inBlocks: 'Conv',
    outOf: 1,
  },
  {
    name: 'over positions, read by a convolution',
    write: (g, b) => {
      const sum = g.node('ReduceSum', [image(g, b), g.integers(2, 3)], { keepdims: 1 })
      return [g.conv(sum, 2 * b, b, { kernel_shape: [1, 1] })]
    },
    inBlocks: 'Conv Conv',
    outOf: 0,
  },
]

/** Σ of the products of two values, over everything. */
const products: readonly LayoutCase[] = [
  ...([1, 3] as const).map((batch): LayoutCase => ({
    name: `of ${batch} rows by ${batch}, both in blocks`,
    write: (g, b) => {
      const { a, c } = images(g, b, batch)
      const flat = (x: string): string => g.node('Reshape', [x, g.integers(batch, -1)])
      return [g.node('Gemm', [flat(a), flat(c)], { transB: 1, alpha: { f: 0.5 } })]
    },
    inBlocks: 'Conv Conv',
    outOf: 0,
  })),
  ...([0, 1] as const).map((place): LayoutCase => ({
    name: `of rows, factor ${place} in blocks`,
    write: (g, b) => {
      const [a, plain] = [image(g, b, 1), g.input(1, 2 * b, 5, 4)]
      const flat = (x: string): string => g.node('Reshape', [x, g.integers(1, -1)])
      const rows = [flat(a), flat(plain)]
      return [g.node('Gemm', place === 0 ? rows : rows.toReversed(), { transB: 1 })]
    },
    inBlocks: 'Conv',
    outOf: 0,
  })),
  {
    name: 'of rows, none in blocks',
    write: (g, b) => {
      const flat = (x: string): string => g.node('Reshape', [x, g.integers(1, -1)])
      const [x, y] = [g.input(1, b, 5, 4), g.input(1, b, 5, 4)]
      return [g.node('Gemm', [flat(x), flat(y)], { transB: 1 })]
    },
    inBlocks: '',
  },
  {
    name: 'of a row and a column',
    write: (g, b) => {
      const { a, c } = images(g, b, 1)
      const rows = g.node('Reshape', [a, g.integers(1, -1)])
      return [g.node('MatMul', [rows, g.node('Reshape', [c, g.integers(-1, 1)])])]
    },
    inBlocks: 'Conv Conv',
    outOf: 0,
  },
  {
    name: 'of several rows and a column',
    write: (g, b) => {
      const [a, c] = [image(g, b, 3), image(g, b, 1)]
      const rows = g.node('Reshape', [a, g.integers(3, -1)])
      return [g.node('MatMul', [rows, g.node('Reshape', [c, g.integers(-1, 1)])])]
    },
    inBlocks: 'Conv Conv',
    outOf: 0,
  },
  {
    name: 'of a row and a column for each sample',
    write: (g, b) => {
      const { a, c } = images(g, b, 3)
      const rows = g.node('Reshape', [a, g.integers(3, 1, -1)])
      return [g.node('MatMul', [rows, g.node('Reshape', [c, g.integers(3, -1, 1)])])]
    },
    inBlocks: 'Conv Conv',
    outOf: 0,
  },
  {
    name: 'of a column and a row: every element with every other, in the plain order',
    write: (g, b) => {
      const [a, c] = [0, 1].map(() => g.conv(g.input(1, b, 1, 2), b, b))
      const column = (x = ''): string => g.node('Reshape', [x, g.integers(-1, 1)])
      const row = g.node('Reshape', [c ?? '', g.integers(1, -1)])
      return [
        g.node('MatMul', [column(a), row]),
        g.node('Gemm', [column(a), column(c)], { transB: 1 }),
      ]
    },
    inBlocks: 'Conv Conv',
    outOf: 2,
  },
  {
    name: 'of a row with itself',
    write: (g, b) => {
      const row = g.node('Reshape', [image(g, b, 1), g.integers(1, -1)])
      return [g.node('Gemm', [row, row], { transB: 1 })]
    },
    inBlocks: 'Conv',
    outOf: 0,
  },
  {
    name: 'of rows of equal length but other shapes',
    write: (g, b) => {
      const flat = (x: string): string => g.node('Reshape', [x, g.integers(1, -1)])
      const a = g.conv(g.input(1, b, 4, 4), b, b)
      const c = g.conv(g.input(1, b, 2, 4), b, 2 * b)
      return [g.node('Gemm', [flat(a), flat(c)], { transB: 1 })]
    },
    inBlocks: 'Conv Conv',
    outOf: 2,
  },
  {
    name: 'of rows, no whole blocks',
    write: (g, b) => {
      const flat = (x: string): string => g.node('Reshape', [x, g.integers(1, -1)])
      const x = g.input(1, b, 5, 4)
      // No negative terms, which would cancel to less than the bound is meant for.
      const [a, c] = [0, 1].map(() => g.node('Relu', [g.conv(x, b, 1.5 * b)]))
      return [g.node('Gemm', [flat(a ?? ''), flat(c ?? '')], { transB: 1 })]
    },
    inBlocks: 'Relu Relu',
    outOf: 2,
  },
  {
    name: 'of a row that others read as well, before and after',
    write: (g, b) => {
      const { a, c } = images(g, b, 2)
      const flat = (x: string): string => g.node('Reshape', [x, g.integers(2, -1)])
      const [row, other] = [flat(a), flat(c)]
      const before = g.node('Exp', [row])
      const product = g.node('Gemm', [row, other], { transB: 1 })
      return [before, product, row, g.node('Tanh', [other])]
    },
    inBlocks: 'Conv Conv',
    outOf: 2,
  },
  {
    name: 'a dense layer as a convolution, behind a row',
    write: (g, b) => {
      const row = g.node('Reshape', [image(g, b, 2), g.integers(2, -1, 1, 1)])
      return [g.conv(row, 2 * b * 20, b, { kernel_shape: [1, 1] })]
    },
    inBlocks: 'Conv Conv',
    outOf: 1,
  },
  {
    name: 'a dense layer behind a row',
    write: (g, b) => {
      const row = g.node('Reshape', [image(g, b, 2), g.integers(2, -1)])
      const weights = g.weights([3, 2 * b * 20], 0.1)
      return [g.node('Gemm', [row, weights, g.weights([3])], { transB: 1 })]
    },
    inBlocks: 'Conv',
    outOf: 1,
  },
  {
    name: 'of rows with a summand',
    write: (g, b) => {
      const { a, c } = images(g, b, 2)
      const flat = (x: string): string => g.node('Reshape', [x, g.integers(2, -1)])
      return [g.node('Gemm', [flat(a), flat(c), g.weights([2, 2])], { transB: 1 })]
    },
    inBlocks: 'Conv Conv',
    outOf: 2,
  },
  {
    name: 'of several rows of one sample: groups of the starts',
    write: (g, b) => {
      const row = (): string => {
        const x = g.node('Relu', [g.conv(g.input(6, b, 5, 4), b, b)])
        return g.node('Reshape', [x, g.integers(2, -1)])
      }
      return [g.node('Gemm', [row(), row()], { transB: 1 })]
    },
    inBlocks: 'Relu Relu',
    outOf: 0,
  },
]

export const sums: readonly LayoutCase[] = [...additions, ...positions, ...products]
