import { between, row, some, type Case } from './case'

const all = [9, 11, 17, 22]
const since10 = [10, 11, 17, 22]

export const poolingCases: readonly Case[] = [
  ...['MaxPool', 'AveragePool', 'LpPool'].flatMap((operator) => [
    row(operator, all, [some(2, 3, 7, 8)], { kernel_shape: [2, 3] }),
    row(operator, all, [some(2, 3, 7, 8)], { kernel_shape: [3, 2], strides: [2, 2], pads: [1, 0, 1, 1] }), // prettier-ignore
    ...['SAME_UPPER', 'SAME_LOWER', 'VALID'].map(
      (auto) =>
      row(operator, all, [some(1, 2, 7, 8)], { kernel_shape: [3, 2], strides: [2, 3], auto_pad: auto }), // prettier-ignore
    ),
    row(operator, all, [some(1, 2, 9)], { kernel_shape: [3], strides: [2] }),
    row(operator, all, [some(1, 2, 4, 5, 4)], { kernel_shape: [2, 2, 3], strides: [1, 2, 1] }),
  ]),
  ...['MaxPool', 'AveragePool'].flatMap((operator) => [
    row(operator, since10, [some(1, 2, 8, 8)], { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }), // prettier-ignore
    row(operator, since10, [some(1, 2, 8, 8)], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], ceil_mode: 1 }), // prettier-ignore
    row(operator, since10, [some(1, 2, 9, 9)], { kernel_shape: [2, 2], strides: [3, 3], pads: [1, 1, 1, 1], ceil_mode: 1 }), // prettier-ignore
  ]),
  row('MaxPool', since10, [some(2, 2, 7, 8)], { kernel_shape: [3, 2], strides: [2, 1], pads: [1, 0, 0, 1] }, 2), // prettier-ignore
  row('MaxPool', since10, [some(1, 2, 8, 8)], { kernel_shape: [2, 3], dilations: [2, 2] }),
  row('AveragePool', [19, 22], [some(1, 2, 8, 8)], { kernel_shape: [2, 3], dilations: [2, 2] }),
  row('LpPool', [18, 22], [some(1, 2, 8, 8)], { kernel_shape: [2, 3], dilations: [2, 2], p: 3 }),
  row('LpPool', [18, 22], [some(1, 2, 8, 8)], { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }), // prettier-ignore
  row('AveragePool', all, [some(2, 3, 7, 8)], { kernel_shape: [3, 2], strides: [2, 2], pads: [1, 0, 1, 1], count_include_pad: 1 }), // prettier-ignore
  row('AveragePool', since10, [some(1, 2, 8, 8)], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], ceil_mode: 1, count_include_pad: 1 }), // prettier-ignore
  row('LpPool', all, [between(0.1, 2, [1, 2, 6, 6])], { kernel_shape: [2, 2], p: 1 }),
  ...['GlobalAveragePool', 'GlobalMaxPool', 'GlobalLpPool'].flatMap((operator) => {
    // ONNX Runtime has no GlobalLpPool of operator set 22.
    const opsets = operator === 'GlobalLpPool' ? [9, 17] : all
    return [row(operator, opsets, [some(2, 3, 4, 5)]), row(operator, opsets, [some(2, 3, 7)])]
  }),
  row('GlobalLpPool', [9, 17], [some(2, 3, 4, 5)], { p: 3 }),
]
