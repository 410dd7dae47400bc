import type { Node } from '../../onnx/model'
import type { Box } from '../inputBox'
import type { LedgerSum } from '../ledgerSum'
import type { WeightTransform } from './weights'

/**
 * A convolution or a dense layer, z = W x + b, as the rules see it. Rules ask it for sums over its
 * connections; how those are computed is the layer's own business.
 */
export interface LinearLayer {
  readonly node: Node
  readonly convolution: boolean
  /** The input value x. */
  readonly x: string
  /** The output value z of the forward pass. */
  readonly z: string
  readonly inputShape: readonly number[]
  /** One number per output channel; null without a bias. */
  readonly bias: Float32Array | null
  /** x cannot be negative. */
  readonly inputNonNegative: boolean
  /** Σ_i x_i t(w_ij) + bias_j, in the shape of z. */
  apply(x: string, transform: WeightTransform, bias: Float32Array | null): string
  /** Σ_j t(w_ij) s_j, in the shape of x. */
  transpose(s: string, transform: WeightTransform): string
  /** Σ s_j over the outputs at one place that see the same inputs: over channels, or those of a group. */
  outputSums(s: string): string
  /** From such sums to the shape of x: each input gets what the places give that it takes part in. */
  spread(sums: string): string
  /** The number of real inputs that output j sees; the layer's own padding does not count. Broadcasts to z and to `outputSums`. */
  connections(): { readonly dims: readonly number[]; readonly counts: Float32Array }
  /** The box of the network's input as it arrives at x, in shapes that broadcast over x. */
  inputBox(box: Box): { readonly low: string; readonly high: string }
  /** Σ over batch and positions of s_j · values_j, one number per output channel. */
  channelDot(s: string, values: Float32Array): LedgerSum
  /** The number of weights that one output is a sum over. */
  readonly fanIn: number
  /** The number of output channels. */
  readonly outputChannels: number
}

/** The transform of each bias, plus a constant; null when all are 0. */
export function biasOf(
  layer: LinearLayer,
  transform: WeightTransform,
  plusConstant = 0,
): Float32Array | null {
  const values = new Float32Array(layer.outputChannels)
  for (let j = 0; j < values.length; j++) {
    values[j] = transform.of(layer.bias?.[j] ?? 0) + plusConstant
  }
  return values.some((value) => value !== 0) ? values : null
}
