import type { GraphBuilder } from '../builder'
import { sizeOf } from '../network'

/** A linear map along one axis: `rows` outputs out of `columns` inputs, row-major. */
export interface AxisMap {
  readonly rows: number
  readonly columns: number
  readonly values: Float32Array
}

/** The map back: rows for columns. */
export function transposedMap({ rows, columns, values }: AxisMap): AxisMap {
  const turned = new Float32Array(values.length)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      turned[column * rows + row] = values[row * columns + column] ?? 0
    }
  }
  return { rows: columns, columns: rows, values: turned }
}

/**
 * Σ_k M_jk t[…, k, …] along an axis.
 * @param key names the map; maps of the same key are the same. @param shape of t.
 */
export function alongAxis(
  builder: GraphBuilder,
  t: string,
  shape: readonly number[],
  axis: number,
  key: string,
  map: AxisMap,
): string {
  const { rows, columns } = map
  const matrix = builder.tensor(`map:${key}`, () => ({ dims: [rows, columns], values: map.values }))
  const outer = sizeOf(shape.slice(0, axis))
  const inner = sizeOf(shape.slice(axis + 1))
  const product =
    inner === 1
      ? builder.gemm(builder.reshape(t, [outer, columns]), matrix, null, true)
      : builder.op('MatMul', [matrix, builder.reshape(t, [outer, columns, inner])])
  return builder.reshape(product, shape.with(axis, rows))
}
