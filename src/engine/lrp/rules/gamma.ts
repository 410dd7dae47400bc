import { biasOf, type LinearLayer } from '../layers/linearLayer'
import { times, total, type LedgerSum } from '../ledgerSum'
import { absolute, favourMinus, favourPlus, minus, multiple, plus } from '../layers/weights'
import { float } from '../../onnx/attributes'
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
    apply: (context) => {
      const { rectified, layer } = context
      if (rectified === null) return general(context, value)
      return layer.inputNonNegative
        ? behindRelu(context, value)
        : signedBehindRelu(context, value, rectified)
    },
  }
}

/** a ≥ 0 and R = 0 wherever z ≤ 0: one convolution with w + γw⁺, one transposed. */
function behindRelu({ builder, layer, relevance }: RuleContext, value: number): RuleResult {
  const favoured = favourPlus(value)
  const denominator = layer.apply(layer.x, favoured, biasOf(layer, favoured, defaultStabiliser))
  // Where z > 0 the sum is above z; elsewhere R is 0 and only a zero denominator would hurt.
  const s = quotient(builder, relevance, builder.atLeast(denominator, defaultStabiliser))
  const bias = biasOf(layer, favoured)
  return {
    signal: { factor: layer.transpose(s, favoured), carrier: layer.x },
    shares: {
      bias: bias ? () => layer.channelDot(s, bias) : undefined,
      stabiliser: () => layer.channelDot(s, constant(layer, defaultStabiliser)),
    },
  }
}

/**
 * R = 0 wherever z ≤ 0, and z above elsewhere: with p = (z + Σ_i |a_i| |w_ij| + |b_j|) / 2 the denominator
 * z + γp + ε is (1 + γ/2) (z + g (Σ_i |a_i| |w_ij| + |b_j|) + …), g = γ / (2 + γ), one convolution; the factor is
 * left to the transposed ones.
 */
function signedBehindRelu(
  { builder, layer, relevance }: RuleContext,
  value: number,
  rectified: string,
): RuleResult {
  const { x } = layer
  const left = 1 / (1 + value / 2)
  const epsilon = left * defaultStabiliser
  const magnitudes = multiple(absolute, (left * value) / 2)
  const others = layer.apply(builder.op('Abs', [x]), magnitudes, biasOf(layer, magnitudes, epsilon))
  const sum = builder.add(others, rectified)
  const s = quotient(
    builder,
    relevance,
    rectified === layer.z ? builder.atLeast(sum, epsilon) : sum,
  )
  const [upwards, downwards] = [favourPlus(value), favourMinus(value)]
  const bias = biasOf(layer, upwards)
  return {
    signal: {
      factor: builder.add(
        builder.mul(builder.positive(x), layer.transpose(s, multiple(upwards, left))),
        builder.mul(builder.negative(x), layer.transpose(s, multiple(downwards, left))),
      ),
      carrier: null,
    },
    shares: {
      bias: bias ? () => times(layer.channelDot(s, bias), left) : undefined,
      stabiliser: () => layer.channelDot(s, constant(layer, epsilon)),
    },
  }
}

/** The share of R where z > 0 and where z < 0, over the denominator of each. */
interface Halves {
  readonly positive: string
  readonly negative: string
}

/**
 * With p the neuron's positive part, bias included, the denominators are z + γp + ε > 0 where z > 0 and
 * (1 + γ)z − γp − ε < 0 where z < 0, as z + γ(z − p) = (1 + γ)z − γp. So both have the magnitude
 * m(z) + γp + ε with m(z) = z or −(1 + γ)z, a LeakyRelu: one quotient, which z⁺ and |z⁻| take apart.
 */
function halves({ builder, layer, relevance }: RuleContext, value: number): Halves {
  const { x, z } = layer
  const scaledPlus = multiple(plus, value)
  const bias = biasOf(layer, scaledPlus, defaultStabiliser)
  // γp + ε
  const part = layer.inputNonNegative
    ? layer.apply(x, scaledPlus, bias)
    : builder.add(
        layer.apply(builder.positive(x), scaledPlus, bias),
        layer.apply(builder.negative(x), multiple(minus, value), null),
      )
  const magnitude = builder.op('LeakyRelu', [z], { alpha: float(-(1 + value)) })
  const denominator = builder.add(part, magnitude)
  if (relevance.carrier === z) {
    const share = builder.div(relevance.factor, denominator)
    const above = builder.positive(z)
    return {
      positive: builder.mul(share, above),
      negative: builder.mul(share, builder.op('Sub', [above, z])),
    }
  }
  const share = builder.div(relevanceOf(builder, relevance), denominator)
  return {
    positive: builder.mul(share, builder.above(z)),
    negative: builder.op('Neg', [builder.mul(share, builder.below(z))]),
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
