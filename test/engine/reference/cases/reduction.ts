import { between, index, row, some, whole, type Case } from './case'

const plain = ['ReduceMean', 'ReduceMax', 'ReduceMin', 'ReduceProd', 'ReduceL1', 'ReduceL2', 'ReduceSumSquare', 'ReduceLogSumExp'] // prettier-ignore
const all = [...plain, 'ReduceLogSum', 'ReduceSum']

export const reductionCases: readonly Case[] = [
  ...all.flatMap((operator) => {
    const byAttribute = operator === 'ReduceSum' ? [9, 11] : [9, 11, 13, 17]
    const byInput = operator === 'ReduceSum' ? [13, 17, 18] : [18, 20]
    const x = between(operator === 'ReduceLogSum' ? 0.3 : -1.5, 1.5, [2, 3, 4, 5])
    return [
      row(operator, byAttribute, [x], { axes: [1, 3] }),
      row(operator, [11], [x], { axes: [-1], keepdims: 0 }),
      row(operator, [...byAttribute, ...byInput], [x]),
      row(operator, [...byAttribute, ...byInput], [x], { keepdims: 0 }),
      row(operator, byInput, [x, whole(2, 3)]),
      row(operator, byInput, [x, whole(-3)], { keepdims: 0 }),
      row(operator, byInput, [x, whole()], { noop_with_empty_axes: 1 }),
      row(operator, byInput, [x, null], { noop_with_empty_axes: 0 }),
    ]
  }),
  ...['Softmax', 'LogSoftmax'].flatMap((operator) => [
    row(operator, [9, 11, 12, 13, 17, 22], [some(2, 3, 4)]),
    row(operator, [9, 11, 12, 13, 17], [some(2, 3, 4)], { axis: 1 }),
    row(operator, [9, 13], [some(2, 3, 4)], { axis: 2 }),
    row(operator, [11, 12, 13, 17], [some(2, 3, 4)], { axis: -2 }),
    row(operator, [12, 13], [some(2, 3, 4)], { axis: 0 }),
  ]),
  row('LpNormalization', [9, 22], [some(2, 3, 4)]),
  row('LpNormalization', [9, 22], [some(2, 3, 4)], { axis: 1, p: 1 }),
  row('CumSum', [11, 14], [some(2, 4, 3), index(1)]),
  row('CumSum', [11, 14], [some(2, 4, 3), index(-1)], { exclusive: 1 }),
  row('CumSum', [11, 14], [some(2, 4, 3), index(1)], { reverse: 1 }),
  row('CumSum', [11, 14], [some(2, 4, 3), index(1)], { reverse: 1, exclusive: 1 }),
  ...['ArgMax', 'ArgMin'].flatMap((operator) => [
    row(operator, [9, 11, 13], [some(2, 5, 4)], { axis: 1 }),
    row(operator, [9, 11, 13], [some(2, 5, 4)], { axis: 2, keepdims: 0 }),
  ]),
]
