import { biasOf, type LinearLayer } from '../layers/linearLayer'
import { asIs, favourMinus, favourPlus, minus, plus } from '../layers/weights'
import { divided, quotient, relevanceOf } from '../signal'
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
      context.layer.inputNonNegative && context.vanishes
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

function general(context: RuleContext, value: number): RuleResult {
  const { builder, layer, relevance } = context
  const { x, z } = layer
  const isPositive = builder.above(z)
  const isNegative = builder.below(z)
  // zp + zn = z: the positive and the negative part of every neuron's sum, biases included.
  const zp = layer.inputNonNegative
    ? layer.apply(x, plus, biasOf(layer, plus))
    : builder.add(
        layer.apply(builder.positive(x), plus, biasOf(layer, plus)),
        layer.apply(builder.negative(x), minus, null),
      )
  const zn = builder.op('Sub', [z, zp])
  const favoured = builder.add(builder.mul(isPositive, zp), builder.mul(isNegative, zn))
  const denominator = builder.add(z, builder.scale(favoured, value))
  const s = divided(builder, relevance, denominator, defaultStabiliser, false)
  const sp = builder.mul(s, isPositive)
  const sn = builder.mul(s, isNegative)

  const towards = (first: string, second: string): string =>
    builder.add(
      layer.transpose(first, favourPlus(value)),
      layer.transpose(second, favourMinus(value)),
    )
  const signal = layer.inputNonNegative
    ? { factor: towards(sp, sn), carrier: x }
    : {
        factor: builder.add(
          builder.mul(builder.positive(x), towards(sp, sn)),
          builder.mul(builder.negative(x), towards(sn, sp)),
        ),
        carrier: null,
      }
  const passed = builder.add(sp, sn)
  return {
    signal,
    shares: {
      bias: layer.bias
        ? () =>
            builder.sum([
              layer.channelDot(passed, biasOf(layer, asIs) ?? constant(layer, 0)),
              builder.scale(layer.channelDot(sp, biasOf(layer, plus) ?? constant(layer, 0)), value),
              builder.scale(
                layer.channelDot(sn, biasOf(layer, minus) ?? constant(layer, 0)),
                value,
              ),
            ])
        : undefined,
      stabiliser: () =>
        layer.channelDot(
          builder.mul(passed, builder.sign(denominator)),
          constant(layer, defaultStabiliser),
        ),
      unexplained: () =>
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
