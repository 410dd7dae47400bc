import { channelAxis, channelsOf, type Draft, type Layout, type Wire } from '../draft'
import type { Entry } from '../entry'
import { reduce, slice, split } from '../forms'
import { hardSigmoid } from '../spellings'
import { dense } from './dense'

const everywhere: readonly Layout[] = ['image', 'last', 'tokens', 'vector']

/** A gate for each channel out of the mean over places (squeeze and excitation). */
function excitation(draft: Draft, x: Wire): Wire {
  const channels = channelsOf(x)
  const places = x.layout === 'image' ? [2, 3] : x.layout === 'last' ? [1, 2] : [1]
  const mean =
    x.layout === 'image' && draft.spelling.chance(0.5)
      ? draft.node('GlobalAveragePool', [x])
      : reduce(draft, 'ReduceMean', x, places, true)
  const isGate = draft.structure.chance(0.5)
  if (x.layout !== 'image') {
    const hidden = draft.node('Relu', [dense(draft, mean, 3)])
    const scores = dense(draft, hidden, channels)
    return isGate ? draft.node('Sigmoid', [scores]) : hardSigmoid(draft, scores)
  }
  const layer = (y: Wire, outputs: number): Wire => {
    const inputs = y.dims[1] ?? 1
    const weights = draft.structure.normals(outputs * inputs, Math.sqrt(1.5 / inputs))
    const bias = draft.structure.normals(outputs, 0.3)
    return draft.node('Conv', [y, draft.floats([outputs, inputs, 1, 1], weights), draft.floats([outputs], bias)]) // prettier-ignore
  }
  const scores = layer(draft.node('Relu', [layer(mean, 3)]), channels)
  return isGate ? draft.node('Sigmoid', [scores]) : hardSigmoid(draft, scores)
}

const half = (x: Wire): boolean => channelsOf(x) >= 4 && channelsOf(x) % 2 === 0

export const branches: readonly Entry[] = [
  {
    name: 'residual',
    role: 'branch',
    operators: ['Add'],
    layouts: everywhere,
    keepsShape: true,
    isHomogeneous: true,
    weight: 4,
    write: (draft, x, grow) => {
      const y = grow(x, draft.structure.integer(1, 3), { keepsShape: true })
      const operator = draft.spelling.chance(0.8) ? 'Add' : 'Sum'
      return draft.node(operator, draft.spelling.chance(0.5) ? [x, y] : [y, x])
    },
  },
  {
    name: 'difference',
    role: 'branch',
    operators: ['Sub'],
    layouts: everywhere,
    keepsShape: true,
    isHomogeneous: true,
    weight: 0.5,
    write: (draft, x, grow) => draft.node('Sub', [x, grow(x, 1, { keepsShape: true })]),
  },
  {
    name: 'sum of three',
    role: 'branch',
    operators: ['Sum'],
    layouts: everywhere,
    keepsShape: true,
    isHomogeneous: true,
    weight: 0.4,
    write: (draft, x, grow) =>
      draft.node('Sum', [grow(x, 1, { keepsShape: true }), x, grow(x, 1, { keepsShape: true })]),
  },
  ...['Mean', 'Max', 'Min'].map((operator): Entry => ({
    name: `${operator} of two`,
    operators: [operator],
    layouts: everywhere,
    keepsShape: true,
    // The larger of a value and an elementwise function of it is an activation, which passes.
    isHomogeneous: operator === 'Mean',
    weight: 0.4,
    write: (draft, x, grow) => draft.node(operator, [x, grow(x, 2, { keepsShape: true })]),
  })),
  {
    name: 'Concat of branches',
    role: 'branch',
    operators: ['Concat'],
    layouts: everywhere,
    isHomogeneous: true,
    weight: 1.5,
    fits: (x, draft) => channelsOf(x) <= draft.widen(6),
    write: (draft, x, grow) => {
      const axis = channelAxis(x)
      const stated = draft.opset >= 11 && draft.spelling.chance(0.5) ? axis - x.dims.length : axis
      const others = grow(x, 2, { keepsShape: true })
      const wires = draft.structure.chance(0.5) ? [x, others] : [grow(x, 1, { keepsShape: true }), others] // prettier-ignore
      return draft.node('Concat', wires, { axis: stated })
    },
  },
  {
    name: 'Split, and back together',
    role: 'branch',
    operators: ['Split', 'Concat'],
    layouts: everywhere,
    keepsShape: true,
    isHomogeneous: true,
    weight: 1.2,
    fits: (x) => channelsOf(x) >= 3,
    write: (draft, x, grow) => {
      const axis = channelAxis(x)
      const channels = channelsOf(x)
      const first = half(x) && draft.structure.chance(0.5) ? channels / 2 : 1
      const [a, b] = split(draft, x, axis, [first, channels - first])
      if (!a || !b) throw new Error('two parts')
      const parts = [grow(a, 1, { keepsShape: true }), b]
      return draft.node('Concat', draft.structure.chance(0.5) ? parts : parts.toReversed(), {
        axis,
      })
    },
  },
  {
    name: 'sum of two slices',
    role: 'branch',
    operators: ['Slice', 'Add'],
    layouts: everywhere,
    isHomogeneous: true,
    weight: 0.6,
    fits: half,
    write: (draft, x, grow) => {
      const axis = channelAxis(x)
      const middle = channelsOf(x) / 2
      const a = slice(draft, x, { starts: [0], ends: [middle], axes: [axis] })
      const b = slice(draft, x, { starts: [middle], ends: [2 ** 31 - 1], axes: [axis] })
      return draft.node('Add', [grow(a, 1, { keepsShape: true }), b])
    },
  },
  {
    name: 'squeeze and excitation',
    operators: ['Sigmoid', 'HardSigmoid', 'Mul'],
    layouts: ['image', 'last', 'tokens'],
    keepsShape: true,
    write: (draft, x) => {
      const gate = excitation(draft, x)
      return draft.node('Mul', draft.spelling.chance(0.5) ? [x, gate] : [gate, x])
    },
  },
  {
    name: 'gated linear unit',
    operators: ['Sigmoid', 'Mul', 'Split'],
    layouts: everywhere,
    weight: 0.6,
    fits: half,
    write: (draft, x) => {
      const middle = channelsOf(x) / 2
      const [signal, gate] = split(draft, x, channelAxis(x), [middle, middle])
      if (!signal || !gate) throw new Error('two parts')
      return draft.node('Mul', [signal, draft.node('Sigmoid', [gate])])
    },
  },
  {
    name: 'product of two branches',
    role: 'branch',
    operators: ['Mul'],
    layouts: everywhere,
    keepsShape: true,
    weight: 0.5,
    write: (draft, x, grow) => {
      const a = draft.node('Tanh', [grow(x, 1, { keepsShape: true })])
      return draft.node('Mul', [a, grow(x, 1, { keepsShape: true })])
    },
  },
  {
    name: 'quotient of two branches',
    role: 'branch',
    operators: ['Div'],
    layouts: everywhere,
    keepsShape: true,
    weight: 0.3,
    write: (draft, x, grow) => {
      const below = draft.node('Softplus', [grow(x, 1, { keepsShape: true })])
      return draft.node('Div', [x, draft.node('Add', [below, draft.scalar(0.5)])])
    },
  },
]
