import type { PlainAttributes } from '../../../reference/plainAttributes'
import type { LayoutCase } from '../layoutCase'

interface Form {
  readonly kernel: readonly [number, number]
  readonly strides: readonly [number, number]
  readonly pads?: readonly [number, number, number, number]
  readonly output_padding?: readonly [number, number]
  /** Not a convolution for each place of the stride. */
  readonly stays?: true
}

/** Strides, and kernels smaller than they are, as large and larger; pads up to what a gradient has. */
const forms: readonly Form[] = [
  { kernel: [1, 1], strides: [2, 2] },
  { kernel: [1, 1], strides: [2, 2], output_padding: [1, 1] },
  { kernel: [1, 1], strides: [3, 3], output_padding: [2, 0] },
  { kernel: [2, 1], strides: [3, 2], output_padding: [0, 1] },
  { kernel: [2, 2], strides: [2, 2] },
  { kernel: [2, 2], strides: [3, 3], output_padding: [1, 2] },
  { kernel: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1] },
  { kernel: [3, 3], strides: [2, 2] },
  { kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] },
  { kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], output_padding: [1, 1] },
  { kernel: [3, 3], strides: [2, 2], pads: [0, 1, 1, 0], output_padding: [1, 0] },
  { kernel: [3, 3], strides: [3, 3], pads: [0, 0, 1, 1] },
  // One phase begins behind the first element: out[3t + 2] = s[t + 1] · w[0].
  { kernel: [3, 3], strides: [3, 3], pads: [1, 0, 0, 1], stays: true },
  { kernel: [3, 2], strides: [2, 3], pads: [1, 0, 1, 0], output_padding: [0, 1] },
  { kernel: [5, 5], strides: [2, 2], pads: [2, 2, 2, 2], output_padding: [1, 1] },
  { kernel: [5, 3], strides: [3, 2], pads: [1, 1, 2, 1] },
  { kernel: [5, 3], strides: [3, 2], pads: [2, 1, 1, 2], stays: true },
  { kernel: [7, 7], strides: [2, 2], pads: [2, 2, 2, 2], output_padding: [1, 0] },
  { kernel: [7, 5], strides: [3, 3], pads: [2, 2, 1, 0], output_padding: [2, 1] },
  // The last column of a kernel that is wholly cut away would have to leave out some of the input.
  { kernel: [1, 1], strides: [1, 1], pads: [1, 1, 1, 1], stays: true },
]

const nameOf = ({ kernel, strides, pads = [0, 0, 0, 0], output_padding: more = [0, 0] }: Form) =>
  `kernel ${kernel.join('×')}, strides ${strides.join('×')}, pads ${pads.join(' ')}, ${more.join(' ')} more`

const attributesOf = ({ strides, pads, output_padding }: Form): PlainAttributes => ({
  strides,
  pads,
  output_padding,
})

export const transposed: readonly LayoutCase[] = [
  ...forms.map((form, at): LayoutCase => ({
    name: nameOf(form),
    write: (g, b) => {
      const x = g.conv(g.input(1 + (at % 3), 3, 4, 5), 3, b)
      const weights = g.weights([b, 2 * b, ...form.kernel], 0.3)
      return [g.node('ConvTranspose', [x, weights], attributesOf(form))]
    },
    inBlocks: form.stays ? 'Conv' : 'Conv ConvTranspose',
    outOf: 1,
  })),
  ...forms
    .filter(({ stays }) => !stays)
    .map((form, at): LayoutCase => ({
      name: `depthwise, ${nameOf(form)}`,
      write: (g, b) => {
        const x = g.input(1 + (at % 3), 2 * b, 5, 3)
        const weights = g.weights([2 * b, 1, ...form.kernel])
        return [g.node('ConvTranspose', [x, weights], { ...attributesOf(form), group: 2 * b })]
      },
      inBlocks: 'ConvTranspose',
      outOf: 1,
    })),
  {
    name: 'the same weights twice, with other pads',
    write: (g, b) => {
      const x = g.conv(g.input(2, 3, 4, 5), 3, b)
      const weights = g.weights([b, b, 3, 3], 0.3)
      return [
        g.node('ConvTranspose', [x, weights], { strides: [2, 2], pads: [1, 1, 1, 1] }),
        g.node('ConvTranspose', [x, weights], { strides: [2, 2] }),
        g.node('ConvTranspose', [x, weights], { strides: [3, 3] }),
      ]
    },
    inBlocks: 'Conv ConvTranspose ConvTranspose ConvTranspose',
    outOf: 3,
  },
  ...(
    [
      ['groups', [2, 1, 1], { group: 2, strides: [2, 2] }],
      ['dilations', [1, 1, 1], { dilations: [2, 2], strides: [2, 2] }],
      ['no whole blocks put out', [1, 1, 1.5], { strides: [2, 2] }],
      ['no whole blocks read', [1, 1.5, 1], { strides: [2, 2] }],
    ] as const
  ).map(([name, [groups, from, to], attributes]): LayoutCase => ({
    name: `${name} stays as it is`,
    write: (g, b) => {
      const x = g.conv(g.input(2, 3, 4, 5), 3, groups * from * b)
      const weights = g.weights([groups * from * b, to * b, 3, 3], 0.3)
      return [g.node('ConvTranspose', [x, weights], attributes)]
    },
    inBlocks: 'Conv',
    outOf: 1,
  })),
  {
    name: 'a bias stays as it is',
    write: (g, b) => {
      const x = g.conv(g.input(2, 3, 4, 5), 3, b)
      const inputs = [x, g.weights([b, b, 3, 3], 0.3), g.weights([b])]
      return [g.node('ConvTranspose', inputs, { strides: [2, 2] })]
    },
    inBlocks: 'Conv',
    outOf: 1,
  },
]
