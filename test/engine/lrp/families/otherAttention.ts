import type { Exporter } from './exporter'
import { scaledDotProduct } from './attention'
import type { TorchScript } from './torchScript'
import type { Sizes } from './visionTransformer'

/** MultiHeadAttention of Keras: every projection and both products are Einsum. */
export function einsumAttention(e: Exporter, x: string, { width, heads }: Sizes): string {
  const w = e.write
  const each = width / heads
  const einsum = (equation: string, ...inputs: string[]): string =>
    w.node('Einsum', inputs, { equation })
  const project = (): string => {
    const product = einsum('abc,cde->abde', x, w.weights([width, heads, each], 2 * width))
    return w.node('Add', [product, w.around([heads, each], 0, 0.1)])
  }
  const [query, key, value] = [project(), project(), project()]
  const scaled = w.node('Mul', [query, e.number(1 / Math.sqrt(each))])
  const scores = einsum('aecd,abcd->acbe', key, scaled)
  const attended = einsum('acbe,aecd->abcd', w.node('Softmax', [scores], { axis: -1 }), value)
  const together = einsum('abcd,cde->abe', attended, w.weights([heads, each, width], 2 * width))
  return w.node('Add', [together, w.around([width], 0, 0.1)])
}

/**
 * torch.nn.MultiheadAttention, traced: tokens come before the batch, heads join the batch and leave it
 * again, and the last projection is a Gemm over the tokens of all samples.
 */
export function multiheadAttention(
  e: TorchScript,
  x: string,
  { tokens, width, heads }: Sizes,
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

/** Swin v2's attention (Liu et al., 2022): the cosine of q and k, by a learned factor of at most 100. */
export function cosineAttention(e: TorchScript, x: string, sizes: Sizes): string {
  const { tokens, width, heads } = sizes
  const w = e.write
  const each = width / heads
  const packed = e.reshapeTo(e.linear(x, width, 3 * width), ['batch', tokens, 3, heads, each])
  const apart = e.transpose(packed, [2, 0, 3, 1, 4])
  // torch.nn.functional.normalize
  const unit = (value: string): string => {
    const length = w.node('ReduceL2', [value], { axes: [-1], keepdims: 1 })
    const some = w.node('Clip', [length, e.number(1e-12)])
    return w.node('Div', [value, w.node('Expand', [some, w.node('Shape', [value])])])
  }
  const transposed = e.transpose(unit(e.select(apart, 0, 1)), [0, 1, 3, 2])
  const cosine = w.node('MatMul', [unit(e.select(apart, 0, 0)), transposed])
  const limited = w.node('Clip', [w.around([heads, 1, 1], 2, 0.3), '', e.number(Math.log(100))])
  const scores = w.node('Mul', [cosine, w.node('Exp', [limited])])
  const attention = w.node('Softmax', [scores], { axis: -1 })
  const attended = w.node('MatMul', [attention, e.select(apart, 0, 2)])
  const together = e.transpose(attended, [0, 2, 1, 3])
  return e.linear(e.reshapeTo(together, ['batch', tokens, width]), width, width)
}
