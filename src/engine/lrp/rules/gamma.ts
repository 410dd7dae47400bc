import { float } from '../../onnx/attributes'
import { biasOf, type LinearLayer } from '../layers/linearLayer'
import {
  favourMinus,
  favourPlus,
  minus,
  multiple,
  plus,
  type WeightTransform,
} from '../layers/weights'
import { times, total, type LedgerSum } from '../ledgerSum'
import { quotient, relevanceOf } from '../signal'
import { relevanceBySign, sumBySign, withMagnitudes } from './bothSigns'
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
      const { rectified } = context
      return rectified === null ? general(context, value) : behindRelu(context, value, rectified)
    },
  }
}

/**
 * R = 0 wherever z ≤ 0: only w + γw⁺ for positive inputs, and w + γw⁻ for negative ones. Where there are such, the
 * positive part is p = (z + Σ_i |a_i| |w_ij| + |b_j|) / 2, and the denominator z + γp + ε a multiple, 1 + γ/2, of a
 * sum with one convolution; what it is a multiple of is left to the transposed ones.
 */
function behindRelu(context: RuleContext, value: number, rectified: string): RuleResult {
  const { builder, layer, relevance } = context
  const [upwards, downwards] = [favourPlus(value), favourMinus(value)]
  const left = layer.inputNonNegative ? 1 : 1 / (1 + value / 2)
  const epsilon = left * defaultStabiliser
  // Where z > 0 the sum is above z; elsewhere R is 0 and only a zero denominator would hurt.
  const denominator = layer.inputNonNegative
    ? builder.atLeast(layer.apply(layer.x, upwards, biasOf(layer, upwards, epsilon)), epsilon)
    : withMagnitudes(context, rectified, (left * value) / 2, epsilon)
  const s = quotient(builder, relevance, denominator)
  const through = (favoured: WeightTransform): string =>
    layer.transpose(s, multiple(favoured, left))
  const bias = biasOf(layer, upwards)
  return {
    signal: relevanceBySign(context, through(upwards), () => through(downwards)),
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
function halves(context: RuleContext, value: number): Halves {
  const { builder, layer, relevance } = context
  const { z } = layer
  const scaled = multiple(plus, value)
  // γp + ε
  const part = sumBySign(
    context,
    scaled,
    multiple(minus, value),
    biasOf(layer, scaled, defaultStabiliser),
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
  const { z } = layer
  const { positive: sp, negative: sn } = halves(context, value)
  const [upwards, downwards] = [favourPlus(value), favourMinus(value)]
  const towards = (first: string, second: string): string =>
    builder.add(layer.transpose(first, upwards), layer.transpose(second, downwards))
  const both = (first: Float32Array, second: Float32Array): LedgerSum =>
    total([layer.channelDot(sp, first), layer.channelDot(sn, second)])
  const none = constant(layer, 0)
  return {
    signal: relevanceBySign(context, towards(sp, sn), () => towards(sn, sp)),
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
