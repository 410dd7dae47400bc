import { inPlaceOfZero } from '../builder'
import { asIs } from '../layers/weights'
import { divided } from '../signal'
import { parameterText, type Rule } from './rule'

/**
 * LRP-ε: R_i = a_i Σ_j w_ij R_j / (z_j + ε·sgn z_j) (Bach et al. 2015, eq. 58).
 * With ε = 0 it is LRP-0 (eq. 56); a neuron with z_j = 0 then gets 1e-6 in its denominator.
 * The bias is part of z and absorbs its share.
 */
export function epsilon(value: number): Rule {
  return {
    label: value === 0 ? 'zero' : `epsilon ${parameterText(value)}`,
    apply: ({ builder, layer, relevance, rectified }) => {
      const vanishes = rectified !== null
      const s = divided(builder, relevance, layer.z, value, vanishes)
      const { bias } = layer
      const every = (share: number): Float32Array =>
        new Float32Array(layer.outputChannels).fill(share)
      const taken = (): string => {
        if (vanishes) return s
        return builder.mul(s, value === 0 ? builder.isZero(layer.z) : builder.sign(layer.z))
      }
      return {
        signal: { factor: layer.transpose(s, asIs), carrier: layer.x },
        shares: {
          bias: bias ? () => layer.channelDot(s, bias) : undefined,
          stabiliser:
            value === 0 && vanishes
              ? undefined
              : () => layer.channelDot(taken(), every(value === 0 ? inPlaceOfZero : value)),
        },
      }
    },
  }
}
