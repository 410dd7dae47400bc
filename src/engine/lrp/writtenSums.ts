import { repeated } from '../arrays/repeated'
import type { GraphBuilder } from './builder'
import { ofRows, times, type LedgerSum } from './ledgerSum'
import { manyTimes, sizeOf } from './network'

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

/** Σ over a value's elements, by parts that ONNX Runtime shares out over its threads where there are any. */
export function sumOver(b: GraphBuilder, value: string, shape: readonly number[]): LedgerSum {
  const [first = 1, , ...positions] = manyTimes(shape, b.starts)
  return first % b.rows === 0 && positions.length > 0
    ? perChannelSum(b, value, shape, null)
    : sumOfRows(b, value)
}

/** Σ over a value's elements, of which each row has as many as every other. */
export function sumOfRows(b: GraphBuilder, value: string): LedgerSum {
  return ofRows(b.reduceSum(b.reshape(value, [b.rows, 1, 1, -1]), [3], true))
}

/**
 * Σ factor · carrier without making the product. For one start a row times a row, transposed, is ONNX Runtime's
 * fastest dot product, ten times faster than a row times a column; for several starts that one is, four times
 * faster than the product and its sum. A batch has one sum, shared out evenly.
 */
export function dotOver(
  b: GraphBuilder,
  factor: string,
  carrier: string,
  shape: readonly number[],
): LedgerSum {
  const size = sizeOf(shape)
  if (b.starts > 1) {
    const rows = b.reshape(factor, [b.starts, 1, size])
    const dots = b.op('MatMul', [rows, b.reshape(carrier, [size, 1])])
    return ofRows(b.reshape(dots, [b.rows, 1, 1, 1]))
  }
  const dot = b.gemm(b.reshape(factor, [1, size]), b.reshape(carrier, [1, size]), null, true)
  const all = b.reshape(dot, [1, 1, 1, 1])
  return times(ofRows(b.rows === 1 ? all : b.expand(all, [b.rows, 1, 1, 1])), 1 / b.rows)
}
