import type { LayoutCase } from '../layoutCase'

export const joins: readonly LayoutCase[] = [
  {
    name: 'Concat of whole blocks, one of them plain, one constant',
    write: (g, b) => {
      const x = g.conv(g.input(2, b, 5, 4), b, 2 * b)
      const parts = [x, g.input(2, b, 5, 4), g.weights([2, b, 5, 4])]
      return [g.node('Concat', parts, { axis: 1 })]
    },
    inBlocks: 'Conv Concat',
    outOf: 1,
  },
  {
    name: 'Concat of a value with itself',
    write: (g, b) => {
      const x = g.conv(g.input(2, b, 5, 4), b, b)
      return [g.node('Concat', [x, x], { axis: 1 })]
    },
    inBlocks: 'Conv Concat',
    outOf: 1,
  },
  {
    name: 'Concat of halves of blocks',
    write: (g, b) => {
      const x = g.input(2, b, 5, 4)
      const parts = [g.conv(x, b, 1.5 * b), g.conv(x, b, 0.5 * b)]
      return [g.conv(g.node('Concat', parts, { axis: 1 }), 2 * b, b)]
    },
    inBlocks: 'Conv Conv Conv',
    outOf: 3,
  },
  {
    name: 'Concat of values that are plain',
    write: (g, b) => [g.node('Concat', [g.input(2, b, 5, 4), g.input(2, b, 5, 4)], { axis: 1 })],
    inBlocks: '',
  },
  {
    name: 'Concat along rows',
    write: (g, b) => {
      const x = g.conv(g.input(2, b, 5, 4), b, b)
      return [g.node('Concat', [x, x], { axis: 2 })]
    },
    inBlocks: 'Conv',
    outOf: 1,
  },
  {
    name: 'Concat of samples',
    write: (g, b) => {
      const x = g.conv(g.input(2, b, 5, 4), b, b)
      return [g.node('Concat', [x, x], { axis: 0 })]
    },
    inBlocks: 'Conv',
    outOf: 1,
  },
  {
    name: 'Slice from one block’s begin to another’s',
    write: (g, b) => {
      const x = g.conv(g.input(3, b, 5, 4), b, 3 * b)
      return [g.node('Slice', [x, g.integers(b), g.integers(2 * b), g.integers(1)])]
    },
    inBlocks: 'Conv Slice',
    outOf: 1,
  },
  {
    name: 'Slice to the end, out of channels that are no whole blocks',
    write: (g, b) => {
      const x = g.conv(g.input(2, b, 5, 4), b, 2.5 * b)
      return [g.node('Slice', [x, g.integers(b), g.integers(2 ** 31 - 1), g.integers(1)])]
    },
    inBlocks: 'Conv',
    outOf: 1,
  },
  {
    name: 'Slice to the end, from the middle of a block',
    write: (g, b) => {
      const x = g.conv(g.input(2, b, 5, 4), b, 2.5 * b)
      return [g.node('Slice', [x, g.integers(b / 2), g.integers(2 ** 31), g.integers(1)])]
    },
    inBlocks: 'Conv',
    outOf: 1,
  },
  {
    name: 'Slice of whole blocks out of channels that are none',
    write: (g, b) => {
      const x = g.conv(g.input(2, b, 5, 4), b, 2.5 * b)
      return [g.node('Slice', [x, g.integers(0), g.integers(2 * b), g.integers(1)])]
    },
    inBlocks: 'Conv Slice',
    outOf: 1,
  },
  {
    name: 'Slice across blocks, as many channels as a block has',
    write: (g, b) => {
      const x = g.conv(g.input(2, b, 5, 4), b, 2 * b)
      return [g.node('Slice', [x, g.integers(b / 2), g.integers(1.5 * b), g.integers(1)])]
    },
    inBlocks: 'Conv',
    outOf: 1,
  },
  {
    name: 'Slice counted from the end',
    write: (g, b) => {
      const x = g.conv(g.input(2, b, 5, 4), b, 2 * b)
      return [g.node('Slice', [x, g.integers(-b), g.integers(2 * b), g.integers(1)])]
    },
    inBlocks: 'Conv',
    outOf: 1,
  },
  {
    name: 'Slice with steps',
    write: (g, b) => {
      const x = g.conv(g.input(2, b, 5, 4), b, 2 * b)
      const bounds = [g.integers(0), g.integers(2 * b), g.integers(1), g.integers(2)]
      return [g.node('Slice', [x, ...bounds])]
    },
    inBlocks: 'Conv',
    outOf: 1,
  },
  {
    name: 'Slice of every so many positions',
    write: (g, b) => {
      const x = g.conv(g.input(3, b, 7, 8), b, 2 * b)
      const slice = (starts: number[], ends: number[], steps: number[]): string => {
        const bounds = [starts, ends, [2, 3], steps].map((numbers) => g.integers(...numbers))
        return g.node('Slice', [x, ...bounds])
      }
      return [slice([0, 1], [7, 8], [2, 3]), slice([2, 0], [5, 100], [1, 2])]
    },
    inBlocks: 'Conv Slice Slice',
    outOf: 2,
  },
  {
    name: 'Slice of every so many positions, backwards or counted from the end',
    write: (g, b) => {
      const x = g.conv(g.input(2, b, 7, 8), b, b)
      const slice = (starts: number[], ends: number[], steps: number[]): string => {
        const bounds = [starts, ends, [2, 3], steps].map((numbers) => g.integers(...numbers))
        return g.node('Slice', [x, ...bounds])
      }
      return [slice([6, 0], [0, 8], [-2, 1]), slice([-5, 0], [7, 8], [2, 2])]
    },
    inBlocks: 'Conv',
    outOf: 1,
  },
  ...(['DCR', 'CRD'] as const).map((mode): LayoutCase => ({
    name: `DepthToSpace ${mode}`,
    write: (g, b) => {
      const x = g.conv(g.input(3, b, 3, 4), b, 8 * b)
      return [g.node('DepthToSpace', [x], { blocksize: 2, mode })]
    },
    inBlocks: mode === 'DCR' ? 'Conv DepthToSpace' : 'Conv',
    outOf: 1,
  })),
  {
    name: 'DepthToSpace that leaves no whole blocks',
    write: (g, b) => [
      g.node('DepthToSpace', [g.conv(g.input(2, b, 3, 4), b, 2 * b)], { blocksize: 2 }),
    ],
    inBlocks: 'Conv',
    outOf: 1,
  },
  {
    name: 'Slice of rows',
    write: (g, b) => {
      const x = g.conv(g.input(2, b, 5, 4), b, b)
      return [g.node('Slice', [x, g.integers(0), g.integers(3), g.integers(2)])]
    },
    inBlocks: 'Conv',
    outOf: 1,
  },
  {
    name: 'Slice and Concat the other way round',
    write: (g, b) => {
      const x = g.conv(g.input(2, b, 5, 4), b, 2 * b)
      const half = (from: number): string =>
        g.node('Slice', [x, g.integers(from), g.integers(from + b), g.integers(1)])
      return [g.conv(g.node('Concat', [half(b), half(0)], { axis: 1 }), 2 * b, b)]
    },
    inBlocks: 'Conv Slice Slice Concat Conv',
    outOf: 1,
  },
]
