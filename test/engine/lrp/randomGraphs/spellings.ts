import type { Draft, Wire } from './draft'
import { clip, reduce } from './forms'

/** Functions that exporters write as one node or as several; the draft's spelling decides. */

/** Whether an operator that came with an operator set may be used for its function. */
function asOneNode(draft: Draft, since: number): boolean {
  return draft.opset >= since && draft.spelling.chance(0.5)
}

/** a ∘ b in either order. */
function commuted(draft: Draft, operator: string, a: Wire, b: Wire): Wire {
  return draft.node(operator, draft.spelling.chance(0.5) ? [a, b] : [b, a])
}

export function silu(draft: Draft, x: Wire): Wire {
  return commuted(draft, 'Mul', x, draft.node('Sigmoid', [x]))
}

/** max(0, min(1, x/6 + 1/2)) */
export function hardSigmoid(draft: Draft, x: Wire): Wire {
  if (draft.spelling.chance(0.5))
    return draft.node('HardSigmoid', [x], { alpha: { f: 1 / 6 }, beta: { f: 0.5 } })
  const cut = clip(draft, commuted(draft, 'Add', x, draft.scalar(3)), 0, 6)
  return draft.spelling.chance(0.5)
    ? draft.node('Div', [cut, draft.scalar(6)])
    : draft.node('Mul', [cut, draft.scalar(1 / 6)])
}

export function hardSwish(draft: Draft, x: Wire): Wire {
  if (asOneNode(draft, 14)) return draft.node('HardSwish', [x])
  return commuted(draft, 'Mul', x, hardSigmoid(draft, x))
}

export function geluByErf(draft: Draft, x: Wire): Wire {
  if (asOneNode(draft, 20)) return draft.node('Gelu', [x])
  const scaled = draft.spelling.chance(0.5)
    ? draft.node('Div', [x, draft.scalar(Math.SQRT2)])
    : draft.node('Mul', [x, draft.scalar(Math.SQRT1_2)])
  const bell = commuted(draft, 'Add', draft.node('Erf', [scaled]), draft.scalar(1))
  if (draft.spelling.chance(0.5))
    return draft.node('Mul', [commuted(draft, 'Mul', x, bell), draft.scalar(0.5)])
  return commuted(draft, 'Mul', draft.node('Mul', [x, draft.scalar(0.5)]), bell)
}

export function geluByTanh(draft: Draft, x: Wire): Wire {
  if (asOneNode(draft, 20)) return draft.node('Gelu', [x], { approximate: 'tanh' })
  const cube = draft.spelling.chance(0.5)
    ? draft.node('Pow', [x, draft.scalar(3)])
    : draft.node('Mul', [draft.node('Mul', [x, x]), x])
  const inner = draft.node('Add', [x, draft.node('Mul', [draft.scalar(0.044715), cube])])
  const tanh = draft.node('Tanh', [draft.node('Mul', [draft.scalar(Math.sqrt(2 / Math.PI)), inner])]) // prettier-ignore
  const half = draft.node('Mul', [draft.scalar(0.5), x])
  return commuted(draft, 'Mul', half, commuted(draft, 'Add', draft.scalar(1), tanh))
}

export function mish(draft: Draft, x: Wire): Wire {
  if (asOneNode(draft, 18)) return draft.node('Mish', [x])
  return commuted(draft, 'Mul', x, draft.node('Tanh', [draft.node('Softplus', [x])]))
}

/** (x − mean)/√(variance + ε) · γ + β over the last axis. */
export function layerNorm(
  draft: Draft,
  x: Wire,
  { scale, shift }: { readonly scale: Float32Array; readonly shift: Float32Array | null },
): Wire {
  const last = [x.dims.length - 1]
  const dims = [scale.length]
  const gamma = draft.floats(dims, scale)
  const beta = shift && draft.floats(dims, shift)
  if (asOneNode(draft, 17))
    return draft.node('LayerNormalization', beta ? [x, gamma, beta] : [x, gamma])
  const centred = draft.node('Sub', [x, reduce(draft, 'ReduceMean', x, last, true)])
  const square = draft.spelling.chance(0.5)
    ? draft.node('Pow', [centred, draft.scalar(2)])
    : draft.node('Mul', [centred, centred])
  const variance = reduce(draft, 'ReduceMean', square, last, true)
  const deviation = draft.node('Sqrt', [draft.node('Add', [variance, draft.scalar(1e-5)])])
  const plain = draft.spelling.chance(0.6)
    ? draft.node('Div', [centred, deviation])
    : draft.node('Mul', [centred, draft.node('Reciprocal', [deviation])])
  const scaled = commuted(draft, 'Mul', plain, gamma)
  return beta ? commuted(draft, 'Add', scaled, beta) : scaled
}

/** x/√(mean of x² + ε) · γ over the last axis. */
export function rmsNorm(draft: Draft, x: Wire, scale: Float32Array): Wire {
  const gamma = draft.floats([scale.length], scale)
  if (asOneNode(draft, 23)) return draft.node('RMSNormalization', [x, gamma])
  const square = draft.node('Pow', [x, draft.scalar(2)])
  const mean = reduce(draft, 'ReduceMean', square, [x.dims.length - 1], true)
  const root = draft.node('Sqrt', [draft.node('Add', [mean, draft.scalar(1e-5)])])
  const plain = draft.spelling.chance(0.5)
    ? draft.node('Div', [x, root])
    : draft.node('Mul', [x, draft.node('Reciprocal', [root])])
  return commuted(draft, 'Mul', plain, gamma)
}
