import { biasOf } from '../layers/linearLayer'
import { square } from '../layers/weights'
import { relevanceOf } from '../signal'
import { defaultStabiliser, type Rule } from './rule'

/**
 * w²: R_i = Σ_j w_ij² R_j / (Σ_i w_ij² + b_j²) (Montavon et al. 2017, eq. 12; b² as Zennit has it).
 * The sum runs over real inputs only.
 */
export const wSquare: Rule = {
  label: 'wSquare',
  apply: ({ builder, layer, relevance }) => {
    const ones = builder.expand(builder.scalar(1), layer.inputShape)
    const squares = layer.apply(ones, square, biasOf(layer, square, defaultStabiliser))
    const s = builder.div(relevanceOf(builder, relevance), squares)
    const biasSquares = layer.bias?.map((value) => value * value)
    return {
      signal: { factor: layer.transpose(s, square), carrier: null },
      shares: {
        bias: biasSquares ? () => layer.channelDot(s, biasSquares) : undefined,
        stabiliser: () =>
          layer.channelDot(s, new Float32Array(layer.outputChannels).fill(defaultStabiliser)),
      },
    }
  },
}
