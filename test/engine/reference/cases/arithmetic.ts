import { between, numbers, row, some, truths, whole, type Case } from './case'

const all = [9, 13, 17, 23]

export const arithmeticCases: readonly Case[] = [
  ...['Add', 'Sub', 'Mul'].flatMap((operator) => [
    row(operator, all, [some(2, 3, 4), some(2, 3, 4)]),
    row(operator, all, [some(2, 3, 4), some(3, 1)]),
    row(operator, all, [some(4), some(2, 3, 1)]),
    row(operator, all, [whole(5, -7, 3), whole(2)]),
  ]),
  row('Div', all, [some(2, 3, 4), between(0.5, 2, [3, 1])]),
  row('Div', all, [between(0.5, 2, [4]), between(-2, -0.5, [2, 3, 1])]),
  row('Div', all, [whole(7, -7, 6), whole(2)]),
  row('Mod', [10, 13], [whole(7, -7, 6), whole(4)]),
  row('Mod', [10, 13], [some(6), between(0.5, 1, [6])], { fmod: 1 }),
  row('Pow', all, [between(0.2, 3, [2, 3]), between(-2, 2, [3])]),
  row('Pow', all, [some(2, 3), numbers([], 2)]),
  row('Pow', all, [some(2, 3), numbers([], 3)]),
  row('Pow', [12, 13, 17, 23], [some(2, 3), whole(2, 3, 1)]),
  ...['Min', 'Max', 'Sum', 'Mean'].flatMap((operator) => [
    row(operator, all, [some(2, 3)]),
    row(operator, all, [some(2, 3), some(2, 3)]),
    row(operator, all, [some(2, 1), some(1, 3), some(3)]),
  ]),
  row('Where', all, [truths([2, 1], 1, 0), some(2, 3), some(1, 3)]),
  row('Where', all, [truths([3], 1, 0, 1), some(2, 1), numbers([], 7)]),
  row('Equal', all, [whole(1, 2, 3), whole(2)]),
  row('Equal', [11, 13, 19], [numbers([4], 1, 2, 3, 0.5), numbers([2, 1], 2, 1)]),
  ...['Greater', 'Less'].map((operator) =>
    row(operator, all, [numbers([4], 1, 2, 3, 0.5), numbers([2, 1], 2, 1)]),
  ),
  ...['GreaterOrEqual', 'LessOrEqual'].map((operator) =>
    row(operator, [12, 16], [numbers([4], 1, 2, 3, 0.5), numbers([2, 1], 2, 1)]),
  ),
  ...['And', 'Or', 'Xor'].map((operator) =>
    row(operator, all, [truths([4], 1, 0, 1, 0), truths([2, 1], 1, 0)]),
  ),
]
