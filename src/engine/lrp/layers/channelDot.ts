import type { GraphBuilder } from '../builder'

/**
 * Σ over batch, channels and positions of s · values, one number per channel (axis 1): [1, 1].
 * @param shape the shape of s, [batch, channels, …].
 */
export function channelDotOf(
  builder: GraphBuilder,
  s: string,
  shape: readonly number[],
  values: Float32Array,
): string {
  const axes = shape.map((_, axis) => axis).filter((axis) => axis !== 1)
  const perChannel = builder.reshape(builder.reduceSum(s, axes, false), [1, values.length])
  const column = builder.tensor(`column:${values.join(',')}`, () => ({
    dims: [values.length, 1],
    values,
  }))
  return builder.op('MatMul', [perChannel, column])
}
