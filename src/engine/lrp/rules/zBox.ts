import { minus, plus } from '../layers/weights'
import { relevanceOf } from '../signal'
import { defaultStabiliser, type Rule } from './rule'

/**
 * zᴮ: R_i = Σ_j (a_i w_ij − l_i w_ij⁺ − h_i w_ij⁻) R_j / Σ_i (…) (Montavon et al. 2017, eq. 17).
 * l and h are the lowest and highest input of the network per channel, moved along with what the graph
 * does to the pixels before the layer; in the convolution's own padding they are 0.
 * The bias cancels.
 * @param low one number, or one per input channel. @param high likewise.
 */
export function zBox(low: readonly number[], high: readonly number[]): Rule {
  return {
    label: 'zBox',
    apply: ({ builder, layer, relevance }) => {
      const { x } = layer
      // a·w − l·w⁺ − h·w⁻ = (a − l)·w⁺ + (a − h)·w⁻
      const box = layer.inputBox({ low, high })
      const aboveLow = builder.op('Sub', [x, box.low])
      const belowHigh = builder.op('Sub', [x, box.high])
      const z = builder.add(layer.apply(aboveLow, plus, null), layer.apply(belowHigh, minus, null))
      const s = builder.div(
        relevanceOf(builder, relevance),
        builder.stabilised(z, defaultStabiliser),
      )
      return {
        signal: {
          factor: builder.add(
            builder.mul(aboveLow, layer.transpose(s, plus)),
            builder.mul(belowHigh, layer.transpose(s, minus)),
          ),
          carrier: null,
        },
        shares: {
          stabiliser: () =>
            layer.channelDot(
              builder.mul(s, builder.sign(z)),
              new Float32Array(layer.outputChannels).fill(defaultStabiliser),
            ),
        },
      }
    },
  }
}
