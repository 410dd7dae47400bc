import { between, numbers, row, some, truths, type Case } from './case'

const all = [9, 13, 17, 23]

const plain = ['Relu', 'LeakyRelu', 'Elu', 'Selu', 'HardSigmoid', 'Softplus', 'Softsign', 'Sigmoid', 'Tanh', 'Erf', 'Exp', 'Neg', 'Abs', 'Floor', 'Ceil', 'Sign', 'Sin', 'Cos', 'Identity'] // prettier-ignore

export const elementwiseCases: readonly Case[] = [
  ...plain.map((operator) => row(operator, all, [some(2, 3, 4, 5)])),
  ...['Exp', 'Sigmoid', 'Tanh', 'Erf', 'Softplus'].map((operator) =>
    row(operator, [13], [between(-8, 8, [300])]),
  ),
  ...['Log', 'Sqrt', 'Reciprocal'].map((operator) =>
    row(operator, all, [between(0.1, 9, [2, 3, 4])]),
  ),
  row('Round', [11, 22], [numbers([7], -2.5, -1.5, -0.5, 0.5, 1.5, 2.4, 2.6)]),
  row('LeakyRelu', all, [some(3, 4)], { alpha: { f: 0.2 } }),
  row('Elu', all, [some(3, 4)], { alpha: { f: 0.7 } }),
  row('Selu', all, [some(3, 4)], { alpha: { f: 1.5 }, gamma: { f: 0.8 } }),
  row('Celu', [12, 17], [some(3, 4)], { alpha: { f: 0.6 } }),
  row('Celu', [12, 17], [some(3, 4)]),
  row('ThresholdedRelu', [10, 22], [some(3, 4)]),
  row('ThresholdedRelu', [10, 22], [some(3, 4)], { alpha: { f: 0.3 } }),
  row('HardSigmoid', all, [some(3, 4)], { alpha: { f: 0.6 }, beta: { f: 0.4 } }),
  row('HardSwish', [14, 22], [between(-5, 5, [60])]),
  row('Mish', [18, 22], [between(-5, 5, [60])]),
  row('Gelu', [20], [between(-5, 5, [60])]),
  row('Swish', [24], [between(-5, 5, [60])]),
  row('Swish', [24], [between(-5, 5, [60])], { alpha: { f: 1.7 } }),
  row('Gelu', [20], [between(-5, 5, [60])], { approximate: 'tanh' }),
  row('PRelu', all, [some(2, 3, 4, 4), some(3, 1, 1)]),
  row('PRelu', all, [some(2, 3, 4, 4), some(1)]),
  row('Clip', [9, 10], [some(3, 4)], { min: { f: -0.5 }, max: { f: 1.1 } }),
  row('Clip', [9, 10], [some(3, 4)], { max: { f: 0.3 } }),
  row('Clip', [11, 12, 13, 21], [some(3, 4), numbers([], -0.5), numbers([], 1.1)]),
  row('Clip', [11, 12, 13, 21], [some(3, 4), null, numbers([], 0.3)]),
  row('Clip', [11, 12, 13, 21], [some(3, 4), numbers([], 0.3)]),
  row('Dropout', [9, 10], [some(3, 4)], { ratio: { f: 0.5 } }),
  row('Dropout', [12, 13, 22], [some(3, 4), numbers([], 0.5)]),
  row('Not', all, [truths([3], 1, 0, 1)]),
  row('Cast', all, [some(3, 4)], { to: 1 }),
  row('Cast', all, [between(-5, 5, [40])], { to: 7 }),
  row('Cast', all, [numbers([3], 0, -0.5, 2)], { to: 9 }),
]
