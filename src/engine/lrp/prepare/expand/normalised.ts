import { int } from '../../../onnx/attributes'
import { floatsOf } from '../../../onnx/elements'
import type { NodeWriter } from '../nodeWriter'
import { normalisation, type Attributes } from '../recognise/regions'

/** What a normalisation multiplies its numbers with and adds to them, in shapes that broadcast. */
export interface Affine {
  readonly scale: string | null
  readonly shift: string | null
}

/** Whether a constant is the same number all over: a scale of 1 or a shift of 0 is none. */
function isAll(w: NodeWriter, value: string | null, number: number): boolean {
  if (value === null) return true
  const constant = w.constantOf(value)
  return constant !== null && floatsOf(constant).every((element) => element === number)
}

/** A normalisation as one group. What follows is no part of it, unless it has neither scale nor shift of its own. */
export function grouped(
  w: NodeWriter,
  x: string,
  normal: () => string,
  { scale, shift }: Affine,
): string {
  const [plainScale, plainShift] = [isAll(w, scale, 1), isAll(w, shift, 0)]
  const marks: Attributes = plainScale && plainShift ? {} : { scaled: int(1), shifted: int(1) }
  return w.group(normalisation, x, marks, () => {
    const y = normal()
    const scaled = plainScale || scale === null ? y : w.op('Mul', [y, scale])
    return plainShift || shift === null ? scaled : w.op('Add', [scaled, shift])
  })
}

/** (x − mean) / √(variance + ε) over some axes. */
export function standardised(
  w: NodeWriter,
  x: string,
  axes: readonly number[],
  epsilon: number,
): string {
  const centred = w.op('Sub', [x, w.mean(x, axes)])
  const variance = w.mean(w.op('Pow', [centred, w.scalar(2)]), axes)
  const deviation = w.op('Sqrt', [w.op('Add', [variance, w.scalar(epsilon)])])
  return w.op('Div', [centred, deviation])
}

/** x / √(mean of x² + ε) over some axes. */
export function overRootMeanSquare(
  w: NodeWriter,
  x: string,
  axes: readonly number[],
  epsilon: number,
): string {
  const square = w.mean(w.op('Pow', [x, w.scalar(2)]), axes)
  return w.op('Div', [x, w.op('Sqrt', [w.op('Add', [square, w.scalar(epsilon)])])])
}

/** The axes from one on. */
export function axesFrom(w: NodeWriter, x: string, first: number): number[] {
  const rank = w.shape(x).length
  const from = (first + rank) % rank
  return Array.from({ length: rank - from }, (_, at) => from + at)
}

export const optional = (value: string | undefined): string | null =>
  value === undefined || value === '' ? null : value

/** One number per channel (or one per group of channels, repeated) in shapes that broadcast over [N, C, …]. */
export function perChannel(w: NodeWriter, x: string, scale: string, shift: string): Affine {
  const [, channels = 1, ...size] = w.shape(x)
  const spread = (value: string): string => {
    const constant = w.constantOf(value)
    if (!constant) throw new Error(`${value} is not constant`)
    const given = floatsOf(constant)
    const values = Float32Array.from(
      { length: channels },
      (_, c) => given[Math.floor((c * given.length) / channels)] ?? 0,
    )
    return w.floats(`${value} per channel`, [channels, ...size.map(() => 1)], values)
  }
  return { scale: spread(scale), shift: spread(shift) }
}

/** [N, C, …] as [N, groups, the rest], standardised along the rest, in its own shape again. */
export function inGroups(w: NodeWriter, x: string, groups: number, epsilon: number): string {
  const shape = w.shape(x)
  const [batch = 1, ...sample] = shape
  const size = sample.reduce((product, length) => product * length, 1)
  const rows = w.reshape(x, [batch, groups, size / groups])
  return w.reshape(standardised(w, rows, [2], epsilon), shape)
}
