import { channelAxis, channelsOf, laidOut, type Draft, type Layout, type Wire } from '../draft'
import type { Entry } from '../entry'
import { enlarge, pad, reduce, reshape, slice, squeeze, transpose, unsqueeze } from '../forms'
import { weightsFor } from './convolutions'

const everywhere: readonly Layout[] = ['image', 'last', 'tokens', 'vector']
const isEven = (x: Wire): boolean => x.dims.slice(2).every((size) => size % 2 === 0)
const smallest = (x: Wire): number => Math.min(...x.dims.slice(2))
const largest = (x: Wire): number => Math.max(...x.dims.slice(2))
const pixels = (x: Wire): number => x.dims.slice(2).reduce((product, size) => product * size, 1)

/** Pads of the image's last two axes. */
function spatialPads(draft: Draft): number[] {
  const size = (): number => draft.structure.integer(0, 2)
  return [0, 0, size(), size(), 0, 0, size(), size()]
}

export const shapeGames: readonly Entry[] = [
  {
    name: 'channels shuffled by groups',
    operators: ['Reshape', 'Transpose'],
    layouts: ['image'],
    keepsShape: true,
    isHomogeneous: true,
    weight: 0.8,
    fits: (x) => channelsOf(x) % 2 === 0,
    write: (draft, x) => {
      const [, channels = 1, height = 1, width = 1] = x.dims
      const apart = reshape(draft, x, [2, channels / 2, height, width])
      return laidOut(reshape(draft, transpose(draft, apart, [0, 2, 1, 3, 4]), [channels, height, width]), 'image') // prettier-ignore
    },
  },
  {
    name: 'channels in another order',
    operators: ['Gather'],
    layouts: everywhere,
    keepsShape: true,
    isHomogeneous: true,
    weight: 0.5,
    write: (draft, x) => {
      const order = draft.integers(draft.structure.shuffled(channelsOf(x)))
      return draft.node('Gather', [x, order], { axis: channelAxis(x) })
    },
  },
  {
    name: 'some channels, one of them twice',
    operators: ['Gather'],
    layouts: everywhere,
    isHomogeneous: true,
    weight: 0.3,
    write: (draft, x) => {
      const last = channelsOf(x) - 1
      const order = Array.from({ length: 3 }, () => draft.structure.integer(0, last))
      return draft.node('Gather', [x, draft.integers([...order, order[0] ?? 0])], { axis: channelAxis(x) }) // prettier-ignore
    },
  },
  {
    name: 'space to depth',
    operators: ['SpaceToDepth'],
    layouts: ['image'],
    isHomogeneous: true,
    weight: 0.5,
    fits: (x, draft) => isEven(x) && channelsOf(x) <= draft.widen(4),
    write: (draft, x) => draft.node('SpaceToDepth', [x], { blocksize: 2 }),
  },
  {
    name: 'depth to space',
    operators: ['Conv', 'DepthToSpace'],
    layouts: ['image'],
    isHomogeneous: true,
    weight: 0.5,
    fits: (x) => smallest(x) >= 4,
    write: (draft, x) => {
      const isLast = draft.opsets.lowest >= 11 && draft.structure.chance(0.5)
      const mode = isLast ? { mode: 'CRD' } : {}
      const fan = 4 * channelsOf(x)
      const deeper = 4 * draft.widen(2)
      const drawn = weightsFor(draft, deeper * fan, fan)
      const weights = draft.floats([deeper, channelsOf(x), 2, 2], drawn)
      const deep = draft.node('Conv', [x, weights], { strides: [2, 2] })
      return draft.node('DepthToSpace', [deep], { blocksize: 2, ...mode })
    },
  },
  {
    name: 'every second pixel, four times (Focus)',
    operators: ['Slice', 'Concat'],
    layouts: ['image'],
    isHomogeneous: true,
    since: 10,
    weight: 0.4,
    fits: (x, draft) => isEven(x) && channelsOf(x) <= draft.widen(3),
    write: (draft, x) => {
      const parts = [[0, 0], [1, 0], [0, 1], [1, 1]].map((starts) => slice(draft, x, { starts, ends: [2 ** 31 - 1, 2 ** 31 - 1], axes: [2, 3], steps: [2, 2] })) // prettier-ignore
      return draft.node('Concat', parts, { axis: 1 })
    },
  },
  {
    name: 'Pad',
    operators: ['Pad'],
    layouts: ['image'],
    isHomogeneous: true,
    fits: (x) => largest(x) <= 10,
    write: (draft, x) => pad(draft, x, spatialPads(draft), 'constant', draft.structure.pick([0, 0, 0.3])), // prettier-ignore
  },
  ...['reflect', 'edge'].map((mode): Entry => ({
    name: `Pad by ${mode}`,
    operators: ['Pad'],
    layouts: ['image'],
    isHomogeneous: true,
    weight: 0.4,
    fits: (x) => smallest(x) >= 4 && largest(x) <= 10,
    write: (draft, x) => pad(draft, x, spatialPads(draft), mode),
  })),
  {
    name: 'crop',
    operators: ['Slice'],
    layouts: ['image'],
    isHomogeneous: true,
    weight: 0.6,
    fits: (x) => smallest(x) >= 5,
    write: (draft, x) => slice(draft, x, { starts: [1, 0], ends: [-1, 4], axes: [2, 3] }),
  },
  {
    name: 'flipped',
    operators: ['Slice'],
    layouts: ['image'],
    isHomogeneous: true,
    keepsShape: true,
    since: 10,
    weight: 0.3,
    write: (draft, x) => slice(draft, x, { starts: [-1], ends: [-(2 ** 31)], axes: [3], steps: [-1] }), // prettier-ignore
  },
  ...['nearest', 'linear'].map((mode): Entry => ({
    name: `enlarged, ${mode}`,
    operators: ['Resize', 'Upsample'],
    layouts: ['image'],
    isHomogeneous: true,
    weight: 0.5,
    fits: (x) => largest(x) <= 6,
    write: (draft, x) => enlarge(draft, x, [2, draft.structure.integer(1, 2)], mode),
  })),
  ...['nearest', 'linear', 'cubic'].map((mode): Entry => ({
    name: `resized, ${mode}`,
    operators: ['Resize'],
    layouts: ['image'],
    isHomogeneous: true,
    since: 13,
    weight: 0.3,
    fits: (x) => smallest(x) >= 4,
    write: (draft, x) => {
      const coordinates = draft.structure.pick(['half_pixel', 'align_corners', 'asymmetric', 'pytorch_half_pixel']) // prettier-ignore
      const scales = draft.floats([4], [1, 1, draft.structure.pick([0.5, 1.25]), 0.75])
      return draft.node('Resize', [x, null, scales], { mode, coordinate_transformation_mode: coordinates }) // prettier-ignore
    },
  })),
  {
    name: 'tiled',
    operators: ['Tile'],
    layouts: ['image'],
    isHomogeneous: true,
    weight: 0.3,
    fits: (x) => largest(x) <= 5,
    write: (draft, x) => draft.node('Tile', [x, draft.integers([1, 1, 2, 1])]),
  },
  {
    name: 'mean spread out again',
    operators: ['Expand', 'ReduceMean'],
    layouts: ['image'],
    keepsShape: true,
    isHomogeneous: true,
    weight: 0.3,
    write: (draft, x) => {
      const mean = reduce(draft, 'ReduceMean', x, [2, 3], true)
      return draft.node('Expand', [mean, draft.integers([1, ...x.dims.slice(1)])])
    },
  },
  {
    name: 'an axis more and an axis less',
    operators: ['Unsqueeze', 'Squeeze'],
    layouts: everywhere,
    keepsShape: true,
    isHomogeneous: true,
    weight: 0.3,
    write: (draft, x) => {
      const axis = draft.structure.integer(1, x.dims.length)
      const more = unsqueeze(draft, x, [axis])
      return laidOut(squeeze(draft, draft.node('Relu', [more]), [axis]), x.layout)
    },
  },
  {
    name: 'channels last',
    operators: ['Transpose'],
    layouts: ['image'],
    isHomogeneous: true,
    weight: 1.5,
    write: (draft, x) => laidOut(transpose(draft, x, [0, 2, 3, 1]), 'last'),
  },
  {
    name: 'channels first',
    operators: ['Transpose'],
    layouts: ['last'],
    isHomogeneous: true,
    weight: 3,
    write: (draft, x) => laidOut(transpose(draft, x, [0, 3, 1, 2]), 'image'),
  },
  {
    name: 'pixels as tokens',
    operators: ['Reshape', 'Transpose'],
    layouts: ['image'],
    isHomogeneous: true,
    weight: 1.5,
    fits: (x) => pixels(x) <= 36,
    write: (draft, x) => {
      const rows = reshape(draft, x, [channelsOf(x), pixels(x)])
      return laidOut(transpose(draft, rows, [0, 2, 1]), 'tokens')
    },
  },
  {
    name: 'tokens as pixels',
    operators: ['Reshape', 'Transpose'],
    layouts: ['tokens'],
    isHomogeneous: true,
    weight: 0.5,
    fits: (x) => (x.dims[1] ?? 1) % 2 === 0 && channelsOf(x) <= 8,
    write: (draft, x) => {
      const [, places = 1, channels = 1] = x.dims
      const turned = transpose(draft, x, [0, 2, 1])
      return laidOut(reshape(draft, turned, [channels, places / 2, 2]), 'image')
    },
  },
  {
    name: 'windows apart (Swin)',
    operators: ['Reshape', 'Transpose'],
    layouts: ['last'],
    isHomogeneous: true,
    weight: 0.5,
    fits: (x) => (x.dims[1] ?? 1) % 2 === 0 && (x.dims[2] ?? 1) % 2 === 0,
    write: (draft, x) => {
      const [, height = 1, width = 1, channels = 1] = x.dims
      const apart = reshape(draft, x, [height / 2, 2, width / 2, 2, channels])
      const windows = transpose(draft, apart, [0, 1, 3, 2, 4, 5])
      return laidOut(reshape(draft, windows, [(height * width) / 4, 4 * channels]), 'tokens')
    },
  },
  {
    name: 'running sum',
    operators: ['CumSum'],
    layouts: ['tokens', 'vector'],
    isHomogeneous: true,
    keepsShape: true,
    since: 11,
    weight: 0.2,
    fits: (x) => channelsOf(x) <= 8,
    write: (draft, x) => draft.node('CumSum', [x, draft.integers([x.dims.length - 1], [])]),
  },
]
