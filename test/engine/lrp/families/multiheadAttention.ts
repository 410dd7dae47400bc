import type { AttentionOptions } from './attention'
import { scaledDotProduct } from './attention'
import type { TorchScript } from './torchScript'

/**
 * torch.nn.MultiheadAttention, traced: tokens come before the batch, heads join the batch and leave it
 * again, and the last projection is a Gemm over the tokens of all samples.
 */
export function multiheadAttention(
  e: TorchScript,
  x: string,
  { tokens, width, heads }: Pick<AttentionOptions, 'tokens' | 'width' | 'heads'>,
): string {
  const w = e.write
  const each = width / heads
  const first = e.transpose(x, [1, 0, 2])
  const batch = e.unsqueeze(e.size(first, 1), [0])
  const shape = (...sizes: readonly (number | string)[]): string =>
    w.node(
      'Concat',
      sizes.map((size) => (typeof size === 'number' ? e.list([size]) : size)),
      { axis: 0 },
    )
  const packed = e.linear(first, width, 3 * width)
  const apart = w.node('Reshape', [packed, shape(tokens, batch, 3, width)])
  const three = e.squeeze(e.transpose(e.unsqueeze(apart, [0]), [3, 1, 2, 0, 4]), [3])
  const many = e.unsqueeze(w.node('Mul', [e.size(first, 1), w.constantInteger(heads)]), [0])
  const ofHeads = (at: number): string => {
    const rows = w.node('Reshape', [e.select(three, 0, at), shape(tokens, many, each)])
    return w.node('Reshape', [e.transpose(rows, [1, 0, 2]), shape(batch, heads, tokens, each)])
  }
  const attended = scaledDotProduct(e, ofHeads(0), ofHeads(1), ofHeads(2))
  const rows = w.node('Reshape', [e.transpose(attended, [2, 0, 1, 3]), e.list([-1, width])])
  const projected = e.dense({ value: rows, shape: [width] }, width)
  const back = w.node('Reshape', [projected.value, shape(tokens, batch, width)])
  return e.transpose(back, [1, 0, 2])
}
