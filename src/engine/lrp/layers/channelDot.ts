import { repeated } from '../../arrays/repeated'
import type { GraphBuilder } from '../builder'
import type { LedgerSum } from '../ledgerSum'
import { manyTimes, sizeOf } from '../network'

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

/**
 * Σ over the positions of [batch, channels, …positions], each channel by itself. A mean times the number of
 * positions where that is a global pooling, which works on channels in blocks.
 * @param values one weight per channel; null where all are 1.
 */
export function perChannelSum(
  builder: GraphBuilder,
  s: string,
  shape: readonly number[],
  values: Float32Array | null,
): LedgerSum {
  const { rows } = builder
  const [samples = 1, channels = 1, ...positions] = manyTimes(shape, builder.starts)
  const length = (samples / rows) * channels
  const isImage = positions.length === 2
  const summed = isImage
    ? builder.op('GlobalAveragePool', [s])
    : builder.reduceSum(s, positions.map((_, at) => at + 2), true) // prettier-ignore
  const vector =
    isImage && samples === rows ? summed : builder.reshape(summed, [rows, length, 1, 1])
  const weights = values && repeated(values, samples / rows)
  return [{ vector, length, factor: isImage ? sizeOf(positions) : 1, weights }]
}
