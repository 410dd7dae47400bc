import { index, indices, numbers, row, some, whole, type Case } from './case'

const all = [9, 13, 17, 23]

export const indexingCases: readonly Case[] = [
  row('Gather', all, [some(4, 5), indices([2], [3, 0])]),
  row('Gather', all, [some(4, 5, 2), indices([2, 2], [3, 0, 1, 1])], { axis: 1 }),
  row('Gather', all, [some(4, 5), index(2)], { axis: 1 }),
  row('Gather', [11, 13], [some(4, 5), indices([3], [-1, 0, -5])], { axis: -1 }),
  row('GatherElements', [11, 13], [some(4, 3), indices([2, 3], [3, 0, -1, 1, 1, 2])]),
  row('GatherElements', [11, 13], [some(4, 3), indices([4, 2], [0, 1, 2, 0, 1, 1, -1, 0])], { axis: 1 }), // prettier-ignore
  row('GatherND', [11, 13], [some(4, 3, 2), indices([3, 2], [3, 0, 1, 1, 0, -1])]),
  row('GatherND', [11, 13], [some(4, 3), indices([2, 1], [2, 2])]),
  row('ScatterElements', [11, 16, 18], [some(4, 3), indices([2, 3], [3, 0, 1, 1, 1, 2]), some(2, 3)]), // prettier-ignore
  row('ScatterElements', [16, 18], [some(4, 3), indices([4, 3], [0, 0, 0, 2, 1, 0, 0, 1, 2, -1, 2, 2]), some(4, 3)], { axis: 1, reduction: 'add' }), // prettier-ignore
  row('ScatterND', [11, 16, 18], [some(4, 3), indices([2, 1], [2, 0]), some(2, 3)]),
  row('ScatterElements', [11, 18], [some(3, 5), indices([1, 2], [1, -1]), numbers([1, 2], 1.1, 2)], { axis: 1 }), // prettier-ignore
  row('Scatter', [9, 10], [some(3, 5), indices([1, 2], [1, 3]), some(1, 2)], { axis: 1 }),
  row('ScatterND', [11, 18], [numbers([2, 2], 1, 2, 3, 4), indices([2, 2], [0, 1, -1, -2]), some(2)]), // prettier-ignore
  row('ScatterND', [16, 18], [some(4, 3), indices([3, 2], [2, 0, 2, 0, 1, 1]), some(3)], { reduction: 'add' }), // prettier-ignore
  row('TopK', [10, 11], [some(3, 5), whole(2)], {}, 2),
  row('TopK', [11], [some(3, 5), whole(2)], { axis: 0, largest: 0 }, 2),
]
