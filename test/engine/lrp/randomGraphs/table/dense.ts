import { channelsOf, laidOut, type Draft, type Wire } from '../draft'
import type { Entry } from '../entry'
import { reduce, slice, softmax, squeeze } from '../forms'
import { weightsFor } from './convolutions'

/** Over the last axis: Gemm where there are two, else MatMul and Add; Einsum now and then. */
export function dense(draft: Draft, x: Wire, outputs: number, biased = true): Wire {
  const inputs = channelsOf(x)
  const weights = weightsFor(draft, inputs * outputs, inputs)
  const bias = draft.structure.normals(outputs, 0.3)
  const { spelling } = draft
  const turned = (): Wire =>
    draft.floats(
      [outputs, inputs],
      weights.map((_, at) => weights[(at % inputs) * outputs + Math.floor(at / inputs)] ?? NaN),
    )
  const summand = (): Wire => draft.floats([outputs], bias)
  if (x.dims.length === 2 && spelling.chance(0.6)) {
    const isTurned = spelling.chance(0.5)
    const w = isTurned ? turned() : draft.floats([inputs, outputs], weights)
    // Without its summand Gemm is new in operator set 11.
    const none = draft.opset >= 11 ? [] : [draft.floats([1], [0])]
    const wires = [x, w, ...(biased ? [summand()] : none)]
    return draft.node('Gemm', wires, isTurned ? { transB: 1 } : {})
  }
  const letters = 'abc'.slice(0, x.dims.length - 1)
  const product =
    draft.opset >= 12 && spelling.chance(0.15)
      ? draft.node('Einsum', [x, turned()], { equation: `${letters}i,oi->${letters}o` })
      : draft.node('MatMul', [x, draft.floats([inputs, outputs], weights)])
  if (!biased) return product
  return draft.node('Add', spelling.chance(0.5) ? [product, summand()] : [summand(), product])
}

export const denseLayers: readonly Entry[] = [
  {
    name: 'dense layer',
    operators: ['Gemm', 'MatMul', 'Einsum'],
    layouts: ['vector', 'tokens', 'last'],
    weight: 3,
    isHomogeneous: true,
    write: (draft, x) =>
      dense(draft, x, draft.structure.integer(3, 8), draft.structure.chance(0.8)),
  },
  {
    name: 'dense layer that keeps the shape',
    operators: ['Gemm', 'MatMul', 'Einsum'],
    layouts: ['vector', 'tokens', 'last'],
    weight: 2,
    keepsShape: true,
    isHomogeneous: true,
    fits: (x) => channelsOf(x) <= 48,
    write: (draft, x) => dense(draft, x, channelsOf(x), draft.structure.chance(0.8)),
  },
  {
    name: 'Gemm with factors',
    operators: ['Gemm'],
    layouts: ['vector'],
    isHomogeneous: true,
    weight: 0.5,
    write: (draft, x) => {
      const inputs = channelsOf(x)
      const weights = draft.floats([inputs, 5], weightsFor(draft, inputs * 5, inputs))
      const bias = draft.floats([5], draft.structure.normals(5, 0.3))
      return draft.node('Gemm', [x, weights, bias], { alpha: { f: 0.7 }, beta: { f: 1.3 } })
    },
  },
  {
    // Between rows instead of features (MLP-Mixer).
    name: 'dense layer over places',
    operators: ['MatMul'],
    layouts: ['tokens'],
    keepsShape: true,
    isHomogeneous: true,
    weight: 0.6,
    fits: (x) => (x.dims[1] ?? 1) <= 40,
    write: (draft, x) => {
      const rows = x.dims[1] ?? 1
      const weights = draft.floats([rows, rows], weightsFor(draft, rows * rows, rows))
      return draft.node('MatMul', [weights, x])
    },
  },
  {
    name: 'Softmax inside',
    operators: ['Softmax'],
    layouts: ['tokens', 'vector', 'last'],
    keepsShape: true,
    weight: 0.3,
    fits: (x) => channelsOf(x) >= 3,
    write: (draft, x) => softmax(draft, 'Softmax', x),
  },
  {
    name: 'LogSoftmax inside',
    operators: ['LogSoftmax'],
    layouts: ['tokens', 'vector'],
    keepsShape: true,
    weight: 0.2,
    fits: (x) => channelsOf(x) >= 3,
    write: (draft, x) => softmax(draft, 'LogSoftmax', x),
  },
  {
    name: 'mean of the tokens',
    role: 'head',
    operators: ['ReduceMean'],
    layouts: ['tokens'],
    isHomogeneous: true,
    write: (draft, x) => {
      const kept = reduce(draft, 'ReduceMean', x, [1], draft.structure.chance(0.5))
      return laidOut(kept.dims.length === 3 ? squeeze(draft, kept, [1]) : kept, 'vector')
    },
  },
  {
    name: 'one token',
    role: 'head',
    operators: ['Gather', 'Slice'],
    layouts: ['tokens'],
    isHomogeneous: true,
    write: (draft, x) => {
      const at = draft.structure.integer(0, (x.dims[1] ?? 1) - 1)
      if (draft.spelling.chance(0.5))
        return laidOut(draft.node('Gather', [x, draft.integers([at], [])], { axis: 1 }), 'vector')
      const row = slice(draft, x, { starts: [at], ends: [at + 1], axes: [1] })
      return laidOut(squeeze(draft, row, [1]), 'vector')
    },
  },
]
