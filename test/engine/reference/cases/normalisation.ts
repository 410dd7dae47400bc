import { between, row, some, type Case } from './case'

const positive = between(0.2, 2, [3])

export const normalisationCases: readonly Case[] = [
  row('BatchNormalization', [9, 14, 15], [some(2, 3, 4, 4), some(3), some(3), some(3), positive]),
  row('BatchNormalization', [9, 15], [some(2, 3), some(3), some(3), some(3), positive], { epsilon: { f: 1e-2 } }), // prettier-ignore
  row('InstanceNormalization', [9, 17, 22], [some(2, 3, 4, 4), some(3), some(3)], { epsilon: { f: 1e-2 } }), // prettier-ignore
  row('InstanceNormalization', [9, 17, 22], [some(2, 3, 7), some(3), some(3)]),
  row('GroupNormalization', [18, 20], [some(2, 6, 3, 3), some(2), some(2)], { num_groups: 2 }),
  row('GroupNormalization', [21], [some(2, 6, 3, 3), some(6), some(6)], { num_groups: 2 }),
  row('GroupNormalization', [21], [some(2, 6, 5), some(6), some(6)], { num_groups: 3, epsilon: { f: 1e-2 } }), // prettier-ignore
  row('LayerNormalization', [17], [some(2, 3, 8), some(8), some(8)], {}, 3),
  row('LayerNormalization', [17], [some(2, 3, 8), some(8)], { epsilon: { f: 1e-2 } }),
  row('LayerNormalization', [17], [some(2, 3, 4, 4), some(3, 4, 4), some(3, 4, 4)], { axis: 1 }),
  row('LayerNormalization', [17], [some(2, 3, 4, 4), some(4, 4), some(4, 4)], { axis: -2 }),
  row('RMSNormalization', [23], [some(2, 3, 8), some(8)]),
  row('RMSNormalization', [23], [some(2, 3, 4), some(3, 4)], { axis: 1, epsilon: { f: 1e-2 } }),
  row('MeanVarianceNormalization', [9, 13], [some(2, 3, 4, 4)]),
  row('MeanVarianceNormalization', [9, 13], [some(2, 3, 4, 4)], { axes: [1, 2, 3] }),
  row('LRN', [9, 13], [some(2, 7, 3, 3)], { size: 5 }),
  row('LRN', [9, 13], [some(2, 7, 3, 3)], { size: 3, alpha: { f: 0.5 }, beta: { f: 0.6 }, bias: { f: 2 } }), // prettier-ignore
]
