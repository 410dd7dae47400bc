import { biasOf, type LinearLayer } from '../layers/linearLayer'
import { total, type LedgerSum } from '../ledgerSum'
import { favourMinus, favourPlus, type WeightTransform } from '../layers/weights'
import { quotient, relevanceOf } from '../signal'
import { defaultStabiliser, type Rule, type RuleContext, type RuleResult } from './rule'

/**
 * Generalised LRP-γ. For z_j > 0 the contributions are a⁺(w + γw⁺) + a⁻(w + γw⁻) and the
 * denominator is their sum + b + γb⁺; for z_j < 0 they are a⁺(w + γw⁻) + a⁻(w + γw⁺) and
 * + b + γb⁻; z_j = 0 passes nothing (the ledger states it as unexplained).
 * Montavon et al. 2019, §10.2.3, as generalised to signed inputs by Andéol et al. 2021.
 */
export function gamma(value: number): Rule {
  return {
    label: `gamma ${value}`,
    apply: (context) =>
      context.layer.inputNonNegative && context.rectified !== null
        ? behindRelu(context, value)
        : general(context, value),
  }
}

/** a ≥ 0 and R = 0 wherever z ≤ 0: one convolution with w + γw⁺, one transposed. */
function behindRelu({ builder, layer, relevance }: RuleContext, value: number): RuleResult {
  const favoured = favourPlus(value)
  const denominator = layer.apply(layer.x, favoured, biasOf(layer, favoured, defaultStabiliser))
  // Where z > 0 the sum is above z; elsewhere R is 0 and only a zero denominator would hurt.
  const guarded = builder.op('Max', [denominator, builder.scalar(defaultStabiliser)])
  const s = quotient(builder, relevance, guarded)
  const bias = biasOf(layer, favoured)
  return {
    signal: { factor: layer.transpose(s, favoured), carrier: layer.x },
    shares: {
      bias: bias ? () => layer.channelDot(s, bias) : undefined,
      stabiliser: () => layer.channelDot(s, constant(layer, defaultStabiliser)),
    },
  }
}

/** R where z > 0 and where z < 0, over the denominator of each; neither can be 0 where R is not. */
interface Halves {
  readonly positive: string
  readonly negative: string
}

/**
 * With z⁺ = max(z, 0), z⁻ = min(z, 0) and p the neuron's positive part, bias included, the denominators are
 * z⁺ + γp + ε > 0 and (1 + γ)z⁻ − γp − ε < 0, as z⁻ + γ(z − p) = (1 + γ)z − γp where z < 0. So no mask is
 * needed: the numerators are 0 on the other side.
 */
function halves({ builder, layer, relevance }: RuleContext, value: number): Halves {
  const { x, z } = layer
  const scaledPlus: WeightTransform = { key: `${value}w+`, of: (w) => value * Math.max(w, 0) }
  const scaledMinus: WeightTransform = { key: `${value}w-`, of: (w) => value * Math.min(w, 0) }
  const bias = biasOf(layer, scaledPlus, defaultStabiliser)
  // γp + ε
  const part = layer.inputNonNegative
    ? layer.apply(x, scaledPlus, bias)
    : builder.add(
        layer.apply(builder.positive(x), scaledPlus, bias),
        layer.apply(builder.negative(x), scaledMinus, null),
      )
  const above = builder.positive(z)
  const below = builder.negative(z)
  const [positive, negative] =
    relevance.carrier === z
      ? [builder.mul(relevance.factor, above), builder.mul(relevance.factor, below)]
      : [
          builder.mul(relevanceOf(builder, relevance), builder.above(z)),
          builder.mul(relevanceOf(builder, relevance), builder.below(z)),
        ]
  return {
    positive: builder.div(positive, builder.add(above, part)),
    negative: builder.div(negative, builder.op('Sub', [builder.scale(below, 1 + value), part])),
  }
}

function general(context: RuleContext, value: number): RuleResult {
  const { builder, layer, relevance } = context
  const { x, z } = layer
  const { positive: sp, negative: sn } = halves(context, value)
  const [upwards, downwards] = [favourPlus(value), favourMinus(value)]
  const towards = (first: string, second: string): string =>
    builder.add(layer.transpose(first, upwards), layer.transpose(second, downwards))
  const signal = layer.inputNonNegative
    ? { factor: towards(sp, sn), carrier: x }
    : {
        factor: builder.add(
          builder.mul(builder.positive(x), towards(sp, sn)),
          builder.mul(builder.negative(x), towards(sn, sp)),
        ),
        carrier: null,
      }
  const both = (first: Float32Array, second: Float32Array): LedgerSum =>
    total([layer.channelDot(sp, first), layer.channelDot(sn, second)])
  const none = constant(layer, 0)
  return {
    signal,
    shares: {
      bias: layer.bias
        ? () => both(biasOf(layer, upwards) ?? none, biasOf(layer, downwards) ?? none)
        : undefined,
      stabiliser: () =>
        both(constant(layer, defaultStabiliser), constant(layer, -defaultStabiliser)),
      // z = 0 passes nothing; where z carries the relevance there is nothing to pass.
      unexplained:
        relevance.carrier === z
          ? undefined
          : () =>
              layer.channelDot(
                builder.mul(
                  relevanceOf(builder, relevance),
                  builder.toFloat(builder.op('Equal', [z, builder.scalar(0)])),
                ),
                constant(layer, 1),
              ),
    },
  }
}

function constant(layer: LinearLayer, value: number): Float32Array {
  return new Float32Array(layer.outputChannels).fill(value)
}
