import type { GraphBuilder } from '../builder'

/**
 * Σ over channels and positions of s · values, one number per channel (axis 1): [batch, 1].
 * @param shape the shape of s, [batch, channels, …].
 */
export function channelDotOf(
  builder: GraphBuilder,
  s: string,
  shape: readonly number[],
  values: Float32Array,
): string {
  const axes = shape.map((_, axis) => axis).slice(2)
  const perChannel = axes.length === 0 ? s : builder.reduceSum(s, axes, false)
  const column = builder.tensor(`column:${values.join(',')}`, () => ({
    dims: [values.length, 1],
    values,
  }))
  return builder.op('MatMul', [perChannel, column])
}
