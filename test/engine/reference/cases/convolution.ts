import { row, some, type Case } from './case'

const all = [9, 11, 17, 22]

export const convolutionCases: readonly Case[] = [
  row('Conv', all, [some(2, 3, 6, 7), some(4, 3, 3, 3)]),
  row('Conv', all, [some(2, 3, 6, 7), some(4, 3, 3, 2), some(4)], { pads: [1, 0, 2, 1], strides: [2, 1] }), // prettier-ignore
  row('Conv', all, [some(1, 4, 8, 8), some(6, 2, 3, 3), some(6)], { group: 2, dilations: [2, 1], kernel_shape: [3, 3] }), // prettier-ignore
  row('Conv', all, [some(1, 4, 8, 8), some(4, 1, 3, 3)], { group: 4, pads: [1, 1, 1, 1] }),
  ...['SAME_UPPER', 'SAME_LOWER', 'VALID'].flatMap((auto) => [
    row('Conv', all, [some(1, 2, 7, 8), some(3, 2, 3, 2)], { auto_pad: auto, strides: [2, 3] }),
    row('Conv', all, [some(1, 2, 7, 8), some(3, 2, 4, 3)], { auto_pad: auto }),
  ]),
  row('Conv', all, [some(2, 3, 9), some(4, 3, 3), some(4)], { pads: [1, 1] }),
  row('Conv', all, [some(1, 2, 4, 5, 4), some(3, 2, 2, 3, 2)], { strides: [1, 2, 1] }),
  row('ConvTranspose', all, [some(2, 3, 4, 5), some(3, 4, 3, 3)]),
  row('ConvTranspose', all, [some(2, 3, 4, 5), some(3, 4, 3, 2), some(4)], { strides: [2, 3], pads: [1, 0, 0, 1], output_padding: [1, 2] }), // prettier-ignore
  row('ConvTranspose', all, [some(1, 4, 4, 4), some(4, 3, 3, 3), some(6)], { group: 2, dilations: [2, 1], strides: [2, 2] }), // prettier-ignore
  row('ConvTranspose', all, [some(1, 4, 4, 4), some(4, 1, 2, 2)], { group: 4, strides: [2, 2] }),
  ...['SAME_UPPER', 'SAME_LOWER'].flatMap((auto) => [
    row('ConvTranspose', [11, 17, 22], [some(1, 2, 4, 4), some(2, 3, 3, 3)], { auto_pad: auto, strides: [2, 2] }), // prettier-ignore
    row('ConvTranspose', [11, 17, 22], [some(1, 2, 4, 4), some(2, 3, 3, 3)], { auto_pad: auto, strides: [2, 2], output_shape: [8, 7] }), // prettier-ignore
  ]),
  row('ConvTranspose', [17], [some(1, 2, 4, 4), some(2, 3, 3, 3)], { strides: [2, 2], output_shape: [8, 7] }), // prettier-ignore
  row('ConvTranspose', all, [some(1, 2, 5), some(2, 3, 4)], { strides: [3], pads: [1, 2] }),
]
