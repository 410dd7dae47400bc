import { biasOf } from '../layers/linearLayer'
import { absolute, multiple, type WeightTransform } from '../layers/weights'
import type { Signal } from '../signal'
import type { RuleContext } from './rule'

type Part = Pick<RuleContext, 'builder' | 'layer'>

/** Σ_i a⁺_i t(w_ij) + a⁻_i u(w_ij) + bias_j, in the shape of z. */
export function sumBySign(
  { builder, layer }: Part,
  t: WeightTransform,
  u: WeightTransform,
  bias: Float32Array | null,
): string {
  const { x } = layer
  return layer.inputNonNegative
    ? layer.apply(x, t, bias)
    : builder.add(
        layer.apply(builder.positive(x), t, bias),
        layer.apply(builder.negative(x), u, null),
      )
}

/** R_i = a⁺_i p_i + a⁻_i n_i. @param n written only where inputs have both signs. */
export function relevanceBySign({ builder, layer }: Part, p: string, n: () => string): Signal {
  const { x } = layer
  if (layer.inputNonNegative) return { factor: p, carrier: x }
  const factor = builder.add(
    builder.mul(builder.positive(x), p),
    builder.mul(builder.negative(x), n()),
  )
  return { factor, carrier: null }
}

/**
 * z + g (Σ_i |a_i| |w_ij| + |b_j|) + ε: with g = 1 twice the positive part p of z, in one convolution where
 * inputs of both signs take two. For z > 0 alone, where nothing cancels; elsewhere it is not 0 and means nothing.
 * @param rectified what is z wherever relevance is not 0.
 */
export function withMagnitudes(
  { builder, layer }: Part,
  rectified: string,
  g: number,
  epsilon: number,
): string {
  const magnitudes = multiple(absolute, g)
  const bias = biasOf(layer, magnitudes, epsilon)
  const sum = builder.add(layer.apply(builder.op('Abs', [layer.x]), magnitudes, bias), rectified)
  return rectified === layer.z ? builder.atLeast(sum, epsilon) : sum
}
