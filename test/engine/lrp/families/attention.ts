import { Dynamo } from './dynamo'
import type { Exporter } from './exporter'
import { toTheEnd } from './graphWriter'
import { TorchScript } from './torchScript'

export interface AttentionOptions {
  readonly tokens: number
  readonly width: number
  readonly heads: number
  /**
   * How query, key and value come apart: one projection and then index, unbind or chunk; or three
   * projections.
   */
  readonly parts: 'Gather' | 'Split' | 'Slice' | 'three'
  /**
   * Where 1/√d goes: a product or a quotient of q·kᵀ, a product with q alone, its root into both q
   * and k (scaled_dot_product_attention), or the operator that does it all.
   */
  readonly scale: 'Mul' | 'Div' | 'query' | 'both' | 'Attention'
  /** What is added to q·kᵀ, [batch, heads, tokens, tokens]: windows have a position bias and a mask. */
  readonly mask?: (scores: string) => string
  /** −1 where windows have joined the batch. */
  readonly batch?: 'batch' | -1
}

type Triple = readonly [string, string, string]

/** Multi-head self-attention (Vaswani et al., 2017) over [batch, tokens, width], projection included. */
export function selfAttention(e: Exporter, x: string, options: AttentionOptions): string {
  const { tokens, width, batch = 'batch' } = options
  const attended = attend(e, parts(e, x, options), options)
  const together = e.reshapeTo(e.transpose(attended, [0, 2, 1, 3]), [batch, tokens, width])
  return e.linear(together, width, width)
}

/** Each [batch, heads, tokens, width / heads]. */
function parts(e: Exporter, x: string, options: AttentionOptions): Triple {
  const { tokens, width, heads, batch = 'batch' } = options
  const each = width / heads
  const ofHeads = (value: string): string =>
    e.transpose(e.reshapeTo(value, [batch, tokens, heads, each]), [0, 2, 1, 3])
  if (options.parts === 'three') {
    const project = (): string => ofHeads(e.linear(x, width, width))
    return [project(), project(), project()]
  }
  const packed = e.linear(x, width, 3 * width)
  if (options.parts === 'Slice') {
    const part = (at: number): string => ofHeads(e.slice(packed, 2, at * width, (at + 1) * width))
    return [part(0), part(1), part(2)]
  }
  const apart = e.transpose(e.reshapeTo(packed, [batch, tokens, 3, heads, each]), [2, 0, 3, 1, 4])
  if (options.parts === 'Gather') {
    return [e.select(apart, 0, 0), e.select(apart, 0, 1), e.select(apart, 0, 2)]
  }
  const [q = '', k = '', v = ''] = e.split(apart, 0, [1, 1, 1])
  return [e.squeeze(q, [0]), e.squeeze(k, [0]), e.squeeze(v, [0])]
}

function attend(e: Exporter, [query, key, value]: Triple, options: AttentionOptions): string {
  const { scale, mask, width, heads } = options
  const w = e.write
  if (scale === 'Attention') return w.node('Attention', [query, key, value])
  if (scale === 'both' && e instanceof TorchScript) return scaledDotProduct(e, query, key, value)
  if (scale === 'both' && e instanceof Dynamo)
    return torchlibAttention(e, [query, key, value], options)
  const root = Math.sqrt(width / heads)
  const q = scale === 'query' ? w.node('Mul', [query, e.number(1 / root)]) : query
  let scores = w.node('MatMul', [q, e.transpose(key, [0, 1, 3, 2])])
  if (scale === 'Mul') scores = w.node('Mul', [scores, e.number(1 / root)])
  if (scale === 'Div') scores = w.node('Div', [scores, e.number(root)])
  return weighed(e, mask?.(scores) ?? scores, value)
}

function weighed(e: Exporter, scores: string, value: string): string {
  return e.write.node('MatMul', [e.write.node('Softmax', [scores], { axis: -1 }), value])
}

/** scaled_dot_product_attention, traced: √(1/√d) into q and k, with d read from the query's shape. */
export function scaledDotProduct(
  e: TorchScript,
  query: string,
  key: string,
  value: string,
): string {
  const w = e.write
  const last = w.node('Slice', [w.node('Shape', [query]), e.list([-1]), e.list([toTheEnd])])
  const size = w.node('Sqrt', [w.node('Cast', [last], { to: 1 })])
  const scale = w.node('Cast', [w.node('Div', [e.number(1), size])], { to: 1 })
  const transposed = e.transpose(key, [0, 1, 3, 2])
  const q = w.node('Mul', [query, w.node('Sqrt', [scale])])
  const k = w.node('Mul', [transposed, w.node('Sqrt', [scale])])
  return weighed(e, w.node('MatMul', [q, k]), value)
}

/** The same by torchlib, which transposes the last two axes whatever the rank: by way of three. */
function torchlibAttention(
  e: Dynamo,
  [query, key, value]: Triple,
  { tokens, width, heads, batch = 'batch' }: AttentionOptions,
): string {
  const w = e.write
  const each = width / heads
  const three = e.transpose(e.reshapeTo(key, [-1, tokens, each]), [0, 2, 1])
  const transposed = e.reshapeTo(three, [batch, heads, each, tokens])
  const factor = e.number(Math.sqrt(1 / Math.sqrt(each)))
  const scores = w.node('MatMul', [
    w.node('Mul', [query, factor]),
    w.node('Mul', [transposed, factor]),
  ])
  return weighed(e, scores, value)
}
