import { floatOf, intOf } from '../../onnx/attributes'
import type { Node } from '../../onnx/model'
import type { NetworkNode } from '../network'
import { divided, type Signal } from '../signal'
import { alongAxis, transposedMap, type AxisMap } from './alongAxis'
import { stabiliserShare } from './averagePooling'
import { inputOf, outputOf, type BackwardContext, type Operator } from './operator'

/**
 * Local response normalization over channels: y_j = x_j D_j^−β with D_j = k + b Σ_{i ∈ w(j)} x_i², where
 * b = α / size and w(j) are `size` channels around j.
 */
interface Parts {
  readonly b: number
  readonly beta: number
  readonly k: number
  /** D_j, in the shape of x. */
  readonly divisor: string
  /** D_j to a power. */
  readonly power: (exponent: number) => string
  /** Σ_{j: i ∈ w(j)} t_j: what the windows that element i is in have together. */
  readonly spread: (t: string, shape: readonly number[]) => string
}

function partsOf(node: Node, { builder, network }: BackwardContext): Parts {
  const x = inputOf(node)
  const shape = network.shape(x)
  const channels = shape[1] ?? 1
  const size = intOf(node, 'size', 1)
  const [alpha, beta, k] = [floatOf(node, 'alpha', 1e-4), floatOf(node, 'beta', 0.75), floatOf(node, 'bias', 1)] // prettier-ignore
  const b = alpha / size
  const map = windowMap(channels, size)
  const key = `lrn:${channels}:${size}`
  const squares = alongAxis(builder, builder.mul(x, x), shape, 1, key, map)
  const divisor = builder.add(builder.scale(squares, b), builder.scalar(k))
  return {
    b,
    beta,
    k,
    divisor,
    power: (exponent) => builder.op('Pow', [divisor, builder.scalar(exponent)]),
    spread: (t, of) => alongAxis(builder, t, of, 1, `${key}:back`, transposedMap(map)),
  }
}

/** 1 where channel i lies in the window of channel j, which reaches (size − 1)/2 to either side. */
function windowMap(channels: number, size: number): AxisMap {
  const values = new Float32Array(channels * channels)
  for (let j = 0; j < channels; j++) {
    const first = Math.max(0, j - (size - 1) / 2)
    const last = Math.min(channels - 1, j + (size - 1) / 2)
    values.fill(1, j * channels + first, j * channels + last + 1)
  }
  return { rows: channels, columns: channels, values }
}

/** Σ_j s_j ∂y_j/∂x_i = s_i D_i^−β − 2βb x_i Σ_{j: i ∈ w(j)} s_j x_j D_j^(−β − 1). */
function derivative(s: string, node: Node, parts: Parts, context: BackwardContext): string {
  const { builder, relevanceShape } = context
  const x = inputOf(node)
  const { b, beta, power, spread } = parts
  const inner = builder.mul(s, builder.mul(x, power(-beta - 1)))
  const others = builder.mul(x, spread(inner, relevanceShape(x)))
  return builder.op('Sub', [builder.mul(s, power(-beta)), builder.scale(others, 2 * b * beta)])
}

/**
 * R_i = x_i Σ_j ∂y_j/∂x_i · R_j / stab(y_j): input × gradient within the layer. As Σ_i x_i ∂y_j/∂x_i =
 * y_j (1 − 2β (D_j − k) / D_j), it does not conserve; the rest is unexplained.
 */
function byGradient(node: NetworkNode, signal: Signal, context: BackwardContext): void {
  const { builder, network, composite, ledger, send } = context
  const [x, y] = [inputOf(node), outputOf(node)]
  const shape = network.shape(y)
  const parts = partsOf(node, context)
  const s = divided(builder, signal, y, composite?.normStabiliser ?? 0, false)
  const sent = { factor: derivative(s, node, parts, context), carrier: x }
  send(x, sent)
  ledger?.record(
    { node: node.name, operator: node.operator, rule: 'gradient' },
    ledger.sum(signal, shape),
    [ledger.sum(sent, shape)],
    {
      stabiliser: stabiliserShare(context, s, y, false),
      unexplained: () => {
        const above = builder.op('Sub', [parts.divisor, builder.scalar(parts.k)])
        const lost = builder.scale(builder.div(above, parts.divisor), 2 * parts.beta)
        return ledger.sum({ factor: s, carrier: builder.mul(y, lost) }, shape)
      },
    },
  )
}

/**
 * First-order Taylor expansion of y_j between x and the point where only x_j is left (Binder et al. 2016, arXiv
 * 1604.00825): y_j ≈ Σ_i z_ij with z_jj = x_j (k + b x_j²)^−β and, for the others in the window,
 * z_ij = −2βb x_j x_i² D_j^(−β − 1). R_i = Σ_j z_ij R_j / stab(Σ_i z_ij).
 */
function byTaylor(node: NetworkNode, signal: Signal, context: BackwardContext): void {
  const { builder, network, composite, ledger, send, relevanceShape } = context
  const x = inputOf(node)
  const shape = network.shape(x)
  const { b, beta, k, divisor, power, spread } = partsOf(node, context)
  const squares = builder.scale(builder.mul(x, x), b)
  const alone = builder.op('Pow', [builder.add(squares, builder.scalar(k)), builder.scalar(-beta)])
  // 2β x_j D_j^(−β − 1); what remains of z_ij is −b x_i².
  const pull = builder.scale(builder.mul(x, power(-beta - 1)), 2 * beta)
  const others = builder.op('Sub', [divisor, builder.add(squares, builder.scalar(k))])
  const z = builder.op('Sub', [builder.mul(x, alone), builder.mul(pull, others)])
  const s = divided(builder, signal, z, composite?.normStabiliser ?? 0, false)
  const pulled = builder.mul(s, pull)
  const fromOthers = builder.op('Sub', [spread(pulled, relevanceShape(x)), pulled])
  const factor = builder.op('Sub', [
    builder.mul(s, alone),
    builder.mul(builder.scale(x, b), fromOthers),
  ])
  const sent = { factor, carrier: x }
  send(x, sent)
  ledger?.record(
    { node: node.name, operator: node.operator, rule: 'taylor' },
    ledger.sum(signal, shape),
    [ledger.sum(sent, shape)],
    { stabiliser: stabiliserShare(context, s, z, false, shape) },
  )
}

/** By the composite: `identity` passes relevance as it is, `taylor` and `gradient` distribute it. */
export const lrn: Operator = {
  names: ['LRN'],
  kind: 'pass',
  detail: 'by the parameter lrn',
  // ONNX Runtime does not run those.
  refuse: (node) =>
    intOf(node, 'size', 1) % 2 === 0 ? 'its window has an even number of channels' : null,
  backward: (node, signal, context) => {
    const { composite, send } = context
    const x = inputOf(node)
    if (!composite) {
      const parts = partsOf(node, context)
      send(x, { factor: derivative(signal.factor, node, parts, context), carrier: null })
    } else if (composite.lrn === 'taylor') byTaylor(node, signal, context)
    else if (composite.lrn === 'gradient') byGradient(node, signal, context)
    else send(x, signal)
  },
}
