import type { GraphBuilder } from '../builder'
import type { LedgerSum } from '../ledgerSum'
import { sizeOf } from '../network'

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
  const vector = perChannel(builder, s, shape, axis, [rows, positions, channels])
  return [{ vector, length: channels, factor: 1, weights: values }]
}

function perChannel(
  builder: GraphBuilder,
  s: string,
  shape: readonly number[],
  axis: 1 | -1,
  [rows, positions, channels]: readonly [number, number, number],
): string {
  if (positions === 1) return builder.reshape(s, [rows, channels])
  if (axis === -1) {
    return builder.reduceSum(builder.reshape(s, [rows, positions, channels]), [1], false)
  }
  // Axes 2 and on, when they are of one sample or start: no copy, and ONNX Runtime's fastest sum.
  const spatial = shape.map((_, at) => at).slice(2)
  const samples = (shape[0] ?? 1) * builder.starts
  const summed = builder.reduceSum(s, spatial, false)
  if (samples === rows) return summed
  return builder.reduceSum(builder.reshape(summed, [rows, samples / rows, channels]), [1], false)
}
