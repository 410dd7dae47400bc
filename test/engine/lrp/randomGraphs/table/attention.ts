import { channelsOf, laidOut, type Draft, type Wire } from '../draft'
import type { Entry } from '../entry'
import { reshape, softmax, split, transpose } from '../forms'
import { weightsFor } from './convolutions'
import { dense } from './dense'

interface Heads {
  readonly count: number
  readonly width: number
}

/** [N, T, C] → [N, heads, T, width] */
function apart(draft: Draft, x: Wire, { count, width }: Heads): Wire {
  const rows = reshape(draft, x, [x.dims[1] ?? 1, count, width])
  return transpose(draft, rows, [0, 2, 1, 3])
}

function product(draft: Draft, a: Wire, b: Wire, equation: string): Wire {
  return draft.opset >= 12 && draft.spelling.chance(0.15)
    ? draft.node('Einsum', [a, b], { equation })
    : draft.node('MatMul', [a, equation.endsWith('ij') ? transpose(draft, b, [0, 1, 3, 2]) : b])
}

/** softmax(q·kᵀ/√d)·v in heads, and a dense layer behind. */
function attention(draft: Draft, x: Wire): Wire {
  const channels = channelsOf(x)
  const count = channels % 2 === 0 && draft.structure.chance(0.6) ? 2 : 1
  const heads: Heads = { count, width: channels / count }
  const together = draft.structure.chance(0.5)
  const parts = together
    ? split(draft, dense(draft, x, 3 * channels), 2, [channels, channels, channels])
    : [0, 1, 2].map(() => dense(draft, x, channels))
  const [q, k, v] = parts.map((part) => apart(draft, part, heads))
  if (!q || !k || !v) throw new Error('three parts')
  const root = Math.sqrt(heads.width)
  const scaled = draft.spelling.chance(0.5)
    ? draft.node('Div', [product(draft, q, k, 'nhid,nhjd->nhij'), draft.scalar(root)])
    : draft.node('Mul', [product(draft, q, k, 'nhid,nhjd->nhij'), draft.scalar(1 / root)])
  const masked = draft.structure.chance(0.2)
    ? draft.node('Add', [scaled, maskFor(draft, x.dims[1] ?? 1)])
    : scaled
  const weights = softmax(draft, 'Softmax', masked)
  const mixed = product(draft, weights, v, 'nhij,nhjd->nhid')
  const rows = transpose(draft, mixed, [0, 2, 1, 3])
  return dense(draft, laidOut(reshape(draft, rows, x.dims.slice(1)), 'tokens'), channels)
}

/** Each place sees itself and those before. */
function maskFor(draft: Draft, places: number): Wire {
  const values = Array.from({ length: places * places }, (_, at) =>
    at % places > Math.floor(at / places) ? -1e4 : 0,
  )
  return draft.floats([places, places], values)
}

export const attentions: readonly Entry[] = [
  {
    name: 'patches as tokens',
    operators: ['Conv', 'Reshape', 'Transpose'],
    layouts: ['image'],
    weight: 3,
    isHomogeneous: true,
    fits: (x) => Math.min(...x.dims.slice(2)) >= 4,
    write: (draft, x) => {
      const { structure } = draft
      const [, channels = 1, height = 1, width = 1] = x.dims
      const side = structure.integer(Math.ceil(Math.max(height, width) / 5), 4)
      const features = structure.pick([4, 6, 8])
      const fan = channels * side * side
      const weights = draft.floats([features, channels, side, side], weightsFor(draft, features * fan, fan)) // prettier-ignore
      const bias = draft.floats([features], structure.normals(features, 0.3))
      const patches = draft.node('Conv', [x, weights, bias], { strides: [side, side] })
      const places = Math.floor(height / side) * Math.floor(width / side)
      const rows = reshape(draft, patches, [features, places])
      return laidOut(transpose(draft, rows, [0, 2, 1]), 'tokens')
    },
  },
  {
    name: 'attention',
    operators: ['MatMul', 'Softmax'],
    layouts: ['tokens'],
    keepsShape: true,
    weight: 3,
    fits: (x) => channelsOf(x) <= 12 && (x.dims[1] ?? 1) <= 40,
    write: (draft, x) => {
      const y = attention(draft, x)
      return draft.structure.chance(0.7) ? draft.node('Add', [x, y]) : y
    },
  },
  {
    name: 'class token and places',
    operators: ['Concat', 'Expand'],
    layouts: ['tokens'],
    weight: 1,
    fits: (x) => (x.dims[1] ?? 1) <= 36,
    write: (draft, x) => {
      const [, places = 1, channels = 1] = x.dims
      const token = draft.structure.normals(channels)
      const embedding = draft.structure.normals((places + 1) * channels, 0.5)
      const one = draft.floats([1, 1, channels], token)
      const shape = draft.node('Shape', [x])
      const batch = draft.node('Gather', [shape, draft.integers([0])], { axis: 0 })
      const target = draft.node('Concat', [batch, draft.integers([1, 1])], { axis: 0 })
      const expanded = draft.node('Expand', [one, target])
      const longer = draft.node('Concat', [expanded, x], { axis: 1 })
      const positions = draft.floats([1, places + 1, channels], embedding)
      return laidOut(draft.node('Add', [longer, positions]), 'tokens')
    },
  },
  {
    // Each row by how alike it is to the others, without weights.
    name: 'Gram matrix',
    operators: ['MatMul'],
    layouts: ['tokens'],
    weight: 0.3,
    fits: (x) => (x.dims[1] ?? 1) <= 16,
    write: (draft, x) => {
      const y = draft.node('Tanh', [x])
      return draft.node('MatMul', [y, transpose(draft, y, [0, 2, 1])])
    },
  },
]
