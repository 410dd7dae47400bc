import type { GraphBuilder } from '../builder'

/**
 * Σ over batch, channels and positions of s · values, one number per channel (axis 1): [starts, 1].
 * @param shape the shape of s for one start, [batch, channels, …].
 */
export function channelDotOf(
  builder: GraphBuilder,
  s: string,
  shape: readonly number[],
  values: Float32Array,
  starts: number,
): string {
  const axes = shape
    .map((_, axis) => axis)
    .filter((axis) => axis > 1 || (axis === 0 && starts === 1))
  const summed = axes.length === 0 ? s : builder.reduceSum(s, axes, false)
  const perChannel = builder.reshape(summed, [starts, values.length])
  const column = builder.tensor(`column:${values.join(',')}`, () => ({
    dims: [values.length, 1],
    values,
  }))
  return builder.op('MatMul', [perChannel, column])
}
