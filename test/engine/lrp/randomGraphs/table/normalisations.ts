import { channelAxis, channelsOf, type Draft, type Wire } from '../draft'
import type { Entry } from '../entry'
import { reduce, reshape } from '../forms'
import { layerNorm, rmsNorm } from '../spellings'
import { batchNorm, drawBatchNorm } from './convolutions'

const around1 = ({ structure }: Draft, count: number): Float32Array =>
  structure.normals(count, 0.3).map((value) => 1 + value)

const pixels = ({ dims }: Wire): number =>
  dims.slice(2).reduce((product, size) => product * size, 1)

export const normalisations: readonly Entry[] = [
  {
    name: 'batch normalisation by itself',
    operators: ['BatchNormalization'],
    layouts: ['image', 'vector'],
    keepsShape: true,
    isHomogeneous: true,
    weight: 2,
    write: (draft, x) => batchNorm(draft, x, drawBatchNorm(draft, channelsOf(x))),
  },
  {
    name: 'instance normalisation',
    operators: ['InstanceNormalization'],
    layouts: ['image'],
    keepsShape: true,
    weight: 0.5,
    fits: (x) => pixels(x) >= 6,
    write: (draft, x) => {
      const channels = channelsOf(x)
      const scale = draft.floats([channels], around1(draft, channels))
      const shift = draft.floats([channels], draft.structure.normals(channels, 0.3))
      return draft.node('InstanceNormalization', [x, scale, shift], { epsilon: { f: 1e-3 } })
    },
  },
  {
    // One node since operator set 18; before, instance normalisation of the reshaped groups.
    name: 'group normalisation',
    operators: ['GroupNormalization', 'InstanceNormalization'],
    layouts: ['image'],
    keepsShape: true,
    weight: 0.6,
    fits: (x) => channelsOf(x) % 2 === 0 && pixels(x) >= 4,
    write: (draft, x) => {
      const channels = channelsOf(x)
      const scale = around1(draft, channels)
      const shift = draft.structure.normals(channels, 0.3)
      if (draft.opset >= 21 && draft.spelling.chance(0.5)) {
        const parameters = [draft.floats([channels], scale), draft.floats([channels], shift)]
        return draft.node('GroupNormalization', [x, ...parameters], { num_groups: 2 })
      }
      const rows = reshape(draft, x, [2, (channels / 2) * pixels(x)])
      const ones = draft.floats([2], [1, 1])
      const zeros = draft.floats([2], [0, 0])
      const plain = draft.node('InstanceNormalization', [rows, ones, zeros])
      const back = reshape(draft, plain, x.dims.slice(1))
      const scaled = draft.node('Mul', [back, draft.floats([channels, 1, 1], scale)])
      return draft.node('Add', [scaled, draft.floats([channels, 1, 1], shift)])
    },
  },
  {
    name: 'layer normalisation',
    operators: ['LayerNormalization'],
    layouts: ['last', 'tokens', 'vector'],
    keepsShape: true,
    weight: 1.5,
    fits: (x) => channelsOf(x) >= 3,
    write: (draft, x) => {
      const count = channelsOf(x)
      const scale = around1(draft, count)
      const shift = draft.structure.normals(count, 0.3)
      return layerNorm(draft, x, { scale, shift: draft.structure.chance(0.8) ? shift : null })
    },
  },
  {
    name: 'RMS normalisation',
    operators: ['RMSNormalization'],
    layouts: ['last', 'tokens', 'vector'],
    keepsShape: true,
    weight: 0.5,
    fits: (x) => channelsOf(x) >= 3,
    write: (draft, x) => rmsNorm(draft, x, around1(draft, channelsOf(x))),
  },
  {
    name: 'LpNormalization',
    operators: ['LpNormalization'],
    layouts: ['last', 'tokens', 'vector', 'image'],
    keepsShape: true,
    weight: 0.3,
    fits: (x) => channelsOf(x) >= 3,
    write: (draft, x) =>
      draft.node('LpNormalization', [x], { axis: channelAxis(x), p: draft.structure.integer(1, 2) }), // prettier-ignore
  },
  {
    name: 'unit length by its norm',
    operators: ['ReduceL2', 'Div'],
    layouts: ['last', 'tokens', 'vector', 'image'],
    keepsShape: true,
    weight: 0.3,
    fits: (x) => channelsOf(x) >= 3,
    write: (draft, x) => {
      const norm = reduce(draft, 'ReduceL2', x, [channelAxis(x)], true)
      return draft.node('Div', [x, draft.node('Add', [norm, draft.scalar(0.1)])])
    },
  },
  {
    name: 'MeanVarianceNormalization',
    operators: ['MeanVarianceNormalization'],
    layouts: ['image'],
    keepsShape: true,
    weight: 0.2,
    fits: (x) => pixels(x) >= 6,
    write: (draft, x) => draft.node('MeanVarianceNormalization', [x], { axes: draft.structure.pick([[2, 3], [1, 2, 3]]) }), // prettier-ignore
  },
  {
    name: 'LRN',
    operators: ['LRN'],
    layouts: ['image'],
    keepsShape: true,
    weight: 0.5,
    write: (draft, x) =>
      draft.node('LRN', [x], {
        size: draft.structure.pick([3, 5]),
        alpha: { f: draft.structure.pick([1e-4, 0.1, 0.5]) },
        beta: { f: 0.75 },
        bias: { f: draft.structure.pick([1, 2]) },
      }),
  },
]
