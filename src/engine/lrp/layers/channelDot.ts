import type { GraphBuilder } from '../builder'
import type { LedgerSum } from '../ledgerSum'
import { sizeOf } from '../network'
import { perChannelSum } from '../writtenSums'

/**
 * Σ over positions of s · values, one number per channel, a row for each sample or start.
 * @param shape the shape of s for one start.
 * @param axis where the channels are: 1 for [batch, channels, …], −1 for […, channels].
 */
export function channelDotOf(
  builder: GraphBuilder,
  s: string,
  shape: readonly number[],
  axis: 1 | -1,
  values: Float32Array,
): LedgerSum {
  const { rows, starts } = builder
  const channels = values.length
  const positions = (sizeOf(shape) * starts) / (rows * channels)
  if (axis === 1 && positions > 1) return perChannelSum(builder, s, shape, values)
  const perPosition = builder.reshape(s, [rows, positions, channels])
  const summed = positions === 1 ? perPosition : builder.reduceSum(perPosition, [1], false)
  const vector = builder.reshape(summed, [rows, channels, 1, 1])
  return [{ vector, length: channels, factor: 1, weights: values }]
}
