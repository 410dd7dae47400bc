import { times } from '../ledgerSum'
import { relevanceOf } from '../signal'
import { sumOfRows } from '../writtenSums'
import { defaultStabiliser, type Rule } from './rule'

/**
 * Flat: every real input of the receptive field gets the same, R_i = Σ_j R_j / (n_j + 1e-6)
 * (Lapuschkin et al. 2019). The layer's own padding does not count.
 */
export const flat: Rule = {
  label: 'flat',
  apply: ({ builder, layer, relevance }) => {
    const { dims, counts } = layer.connections()
    const perConnection = builder.tensor(`flat:${layer.node.name}`, () => ({
      dims,
      values: counts.map((count) => 1 / (count + defaultStabiliser)),
    }))
    // The channels of one place have the same n, so they are summed first.
    const s = builder.mul(layer.outputSums(relevanceOf(builder, relevance)), perConnection)
    return {
      signal: { factor: layer.spread(s), carrier: null },
      shares: {
        stabiliser: () => times(sumOfRows(builder, s), defaultStabiliser),
      },
    }
  },
}
