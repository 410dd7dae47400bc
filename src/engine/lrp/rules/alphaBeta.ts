import { biasOf } from '../layers/linearLayer'
import { minus, plus } from '../layers/weights'
import { relevanceOf, type Signal } from '../signal'
import { defaultStabiliser, type Rule, type RuleContext, type Shares } from './rule'

/**
 * LRP-αβ: R_i = Σ_j (α (a⁺w⁺ + a⁻w⁻)/z⁺ − β (a⁺w⁻ + a⁻w⁺)/z⁻) R_j with α − β = 1
 * (Bach et al. 2015, eq. 60, where β has the other sign). b⁺ is in z⁺ only, b⁻ in z⁻ only.
 * Where a neuron has no positive (negative) part its α (β) share has nowhere to go: the ledger
 * states it as unexplained.
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
  readonly weight: number
  /** z⁺ or z⁻ with the stabiliser, whose sign is known, already in the bias. */
  readonly denominator: string
  /** weight · R / denominator */
  readonly s: string
}

function part(context: RuleContext, sign: 1 | -1, weight: number): Part {
  const { builder, layer, relevance } = context
  const same = sign === 1 ? plus : minus
  const other = sign === 1 ? minus : plus
  const bias = biasOf(layer, same, sign * defaultStabiliser)
  const denominator = layer.inputNonNegative
    ? layer.apply(layer.x, same, bias)
    : builder.add(
        layer.apply(builder.positive(layer.x), same, bias),
        layer.apply(builder.negative(layer.x), other, null),
      )
  const share =
    relevance.carrier === null
      ? builder.div(relevance.factor, denominator)
      : builder.mul(relevance.factor, builder.div(relevance.carrier, denominator))
  return { sign, weight, denominator, s: builder.scale(share, weight) }
}

function backward({ builder, layer }: RuleContext, parts: readonly Part[]): Signal {
  const toPositive = builder.sum(
    parts.map(({ sign, s }) => layer.transpose(s, sign === 1 ? plus : minus)),
  )
  if (layer.inputNonNegative) return { factor: toPositive, carrier: layer.x }
  const toNegative = builder.sum(
    parts.map(({ sign, s }) => layer.transpose(s, sign === 1 ? minus : plus)),
  )
  return {
    factor: builder.add(
      builder.mul(builder.positive(layer.x), toPositive),
      builder.mul(builder.negative(layer.x), toNegative),
    ),
    carrier: null,
  }
}

function sharesOf(context: RuleContext, parts: readonly Part[]): Shares {
  const { builder, layer } = context
  const stabiliser = new Float32Array(layer.outputChannels).fill(defaultStabiliser)
  const ones = new Float32Array(layer.outputChannels).fill(1)
  // With a ReLU behind, relevance sits only where z > 0, so z⁺ > 0 too.
  const canBeEmpty = (candidate: Part): boolean => !(candidate.sign === 1 && context.vanishes)
  /** 1 where the neuron has no such part at all (then the denominator is the stabiliser alone). */
  const empty = ({ sign, denominator }: Part): string =>
    builder.toFloat(
      sign === 1
        ? builder.op('LessOrEqual', [denominator, builder.scalar(defaultStabiliser)])
        : builder.op('GreaterOrEqual', [denominator, builder.scalar(-defaultStabiliser)]),
    )
  return {
    bias: layer.bias
      ? () =>
          builder.sum(
            parts.map(({ sign, s }) =>
              layer.channelDot(
                s,
                biasOf(layer, sign === 1 ? plus : minus) ?? new Float32Array(layer.outputChannels),
              ),
            ),
          )
      : undefined,
    stabiliser: () =>
      builder.sum(
        parts.map((one) => {
          const all = layer.channelDot(one.s, stabiliser)
          const kept = canBeEmpty(one)
            ? builder.add(
                all,
                builder.scale(layer.channelDot(builder.mul(one.s, empty(one)), stabiliser), -1),
              )
            : all
          return builder.scale(kept, one.sign)
        }),
      ),
    unexplained: parts.some(canBeEmpty)
      ? () =>
          builder.sum(
            parts
              .filter(canBeEmpty)
              .map((one) =>
                layer.channelDot(
                  builder.scale(
                    builder.mul(relevanceOf(builder, context.relevance), empty(one)),
                    one.weight,
                  ),
                  ones,
                ),
              ),
          )
      : undefined,
  }
}
