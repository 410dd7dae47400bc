import { biasOf } from '../layers/linearLayer'
import { times, total, type LedgerSum } from '../ledgerSum'
import { minus, multiple, plus, type WeightTransform } from '../layers/weights'
import { quotient, type Signal } from '../signal'
import { relevanceBySign, sumBySign, withMagnitudes } from './bothSigns'
import { defaultStabiliser, type Rule, type RuleContext, type Shares } from './rule'

/**
 * LRP-αβ: R_i = Σ_j (α (a⁺w⁺ + a⁻w⁻)/z⁺ − β (a⁺w⁻ + a⁻w⁺)/z⁻) R_j with α − β = 1
 * (Bach et al. 2015, eq. 60, where β has the other sign). b⁺ is in z⁺ only, b⁻ in z⁻ only.
 * Where a neuron has no negative part its β share has nowhere to go, and 2R stays: the ledger states it as
 * unexplained, and so the α share of a neuron without positive part. With β = 0 the stabiliser, then all of
 * the denominator, absorbs that share.
 */
export function alphaBeta(alpha: number, beta: number): Rule {
  return {
    label: beta === 0 ? 'zPlus' : `alpha${alpha}beta${beta}`,
    apply: (context) => {
      const positive = part(context, 1, alpha)
      const negative = beta === 0 ? null : part(context, -1, -beta)
      const parts = negative ? [positive, negative] : [positive]
      return { signal: backward(context, parts), shares: sharesOf(context, parts) }
    },
  }
}

/** z⁺: αβ with α = 1, β = 0; also for negative inputs (Montavon et al. 2017, eq. 14). */
export const zPlus: Rule = alphaBeta(1, 0)

interface Part {
  readonly sign: 1 | -1
  /** z⁺ or z⁻ with the stabiliser, whose sign is known, already in the bias; or twice that. */
  readonly denominator: string
  readonly times: 1 | 2
  /** α (or −β) · R / denominator */
  readonly s: string
}

/** Of an output; with fewer, one more pass over the outputs costs more than a convolution. */
const fewestWeights = 64

function part(context: RuleContext, sign: 1 | -1, weight: number): Part {
  const { builder, layer, relevance, rectified } = context
  const isTwice =
    sign === 1 && rectified !== null && !layer.inputNonNegative && layer.fanIn >= fewestWeights
  const [same, other] = sign === 1 ? [plus, minus] : [minus, plus]
  const denominator = isTwice
    ? withMagnitudes(context, rectified, 1, 2 * defaultStabiliser)
    : sumBySign(context, same, other, biasOf(layer, same, sign * defaultStabiliser))
  const s = builder.scale(quotient(builder, relevance, denominator), weight)
  return { sign, denominator, times: isTwice ? 2 : 1, s }
}

function backward(context: RuleContext, parts: readonly Part[]): Signal {
  const { builder, layer } = context
  const through = (ofPositive: WeightTransform, ofNegative: WeightTransform): string =>
    builder.sum(
      parts.map(({ sign, s, times: count }) =>
        layer.transpose(s, multiple(sign === 1 ? ofPositive : ofNegative, count)),
      ),
    )
  return relevanceBySign(context, through(plus, minus), () => through(minus, plus))
}

function sharesOf(context: RuleContext, parts: readonly Part[]): Shares {
  const { builder, layer } = context
  const stabiliser = new Float32Array(layer.outputChannels).fill(defaultStabiliser)
  const nothing = new Float32Array(layer.outputChannels)
  // With a ReLU behind, relevance sits only where z > 0, so z⁺ > 0 too.
  const canBeEmpty = ({ sign }: Part): boolean =>
    parts.length > 1 && !(sign === 1 && context.rectified !== null)
  /** All that the stabiliser in the denominator took: Σ ±ε s. */
  const taken = ({ sign, s, times: count }: Part): LedgerSum =>
    times(layer.channelDot(s, stabiliser), sign * count)
  /** Of that, what neurons without any such part gave up: there the denominator is ±ε, so ±ε s is their share. */
  const homeless = ({ sign, s, denominator }: Part): LedgerSum => {
    const bound = builder.scalar(sign * defaultStabiliser)
    const empty = builder.op(sign === 1 ? 'LessOrEqual' : 'GreaterOrEqual', [denominator, bound])
    const there = builder.mul(s, builder.toFloat(empty))
    return times(layer.channelDot(there, stabiliser), sign)
  }
  const emptiable = parts.filter(canBeEmpty)
  return {
    bias: layer.bias
      ? () =>
          total(
            parts.map(({ sign, s, times: count }) =>
              times(
                layer.channelDot(s, biasOf(layer, sign === 1 ? plus : minus) ?? nothing),
                count,
              ),
            ),
          )
      : undefined,
    stabiliser: () =>
      total([...parts.map(taken), ...emptiable.map((candidate) => times(homeless(candidate), -1))]),
    unexplained: emptiable.length > 0 ? () => total(emptiable.map(homeless)) : undefined,
  }
}
