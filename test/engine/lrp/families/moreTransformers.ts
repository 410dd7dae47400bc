import { selfAttention, type AttentionOptions } from './attention'
import type { Exporter, Feature } from './exporter'
import type { TorchScript } from './torchScript'

type Style = Pick<AttentionOptions, 'parts' | 'scale'>

/**
 * LeViT (Graham et al., 2021): dense layers without bias and a BatchNormalization over the tokens of all
 * samples in the place of LayerNormalization; hard-swish; an attention bias.
 */
export function leViT(e: TorchScript): Uint8Array {
  const w = e.write
  const [width, heads, each] = [16, 2, 8]
  const half = (x: Feature, out: number): Feature =>
    e.convNorm(x, { out, kernel: 3, stride: 2, pad: 1 })
  const stem = e.act(half(e.act(half(e.image, 8), 'hardSwish'), 12), 'hardSwish')
  const patches = half(stem, width)
  const [, rows = 1, columns = 1] = patches.shape
  const tokens = rows * columns
  const dense = (x: string, from: number, to: number): string => {
    const flat = e.reshapeTo(e.linear(x, from, to, false), [-1, to])
    return e.reshapeTo(e.norm({ value: flat, shape: [to] }).value, [-1, tokens, to])
  }
  const swish = (x: string): string => e.act({ value: x, shape: [] }, 'hardSwish').value
  const attend = (x: string): string => {
    const packed = e.reshapeTo(dense(x, width, 3 * width), ['batch', tokens, heads, 3 * each])
    const [q = '', k = '', v = ''] = e.split(packed, 3, [each, each, each])
    const product = w.node('MatMul', [e.transpose(q, [0, 2, 1, 3]), e.transpose(k, [0, 2, 3, 1])])
    const scaled = w.node('Mul', [product, e.number(1 / Math.sqrt(each))])
    const scores = w.node('Add', [scaled, w.around([heads, tokens, tokens], 0, 0.3)])
    const attention = w.node('Softmax', [scores], { axis: -1 })
    const attended = w.node('MatMul', [attention, e.transpose(v, [0, 2, 1, 3])])
    const together = e.transpose(attended, [0, 2, 1, 3])
    return dense(swish(e.reshapeTo(together, ['batch', tokens, width])), width, width)
  }
  const flat = e.reshapeTo(patches.value, ['batch', width, tokens])
  let x = e.transpose(flat, [0, 2, 1])
  for (let block = 0; block < 2; block++) {
    x = w.node('Add', [x, attend(x)])
    x = w.node('Add', [x, dense(swish(dense(x, width, 2 * width)), 2 * width, width)])
  }
  const mean = e.norm({ value: e.mean(x, [1], false), shape: [width] })
  return e.finish(e.dense(mean, 5))
}

/** DINOv2's giant (Oquab et al., 2024): SwiGLU, W₃(silu(W₁x) ⊙ W₂x), and layer scale. */
export function gatedTransformer(e: Exporter, style: Style): Uint8Array {
  const w = e.write
  const [width, hidden] = [16, 24]
  const patches = e.conv(e.image, { out: width, kernel: 8, stride: 8 })
  const [, rows = 1, columns = 1] = patches.shape
  const tokens = rows * columns
  const scaled = (x: string): string => w.node('Mul', [x, w.around([width], 0.5, 0.3)])
  let x = e.transpose(e.reshapeTo(patches.value, ['batch', width, tokens]), [0, 2, 1])
  for (let block = 0; block < 2; block++) {
    const normal = e.layerNorm(x, width)
    const attended = selfAttention(e, normal, { tokens, width, heads: 2, ...style })
    x = w.node('Add', [x, scaled(attended)])
    const both = e.linear(e.layerNorm(x, width), width, 2 * hidden)
    const [left = '', right = ''] = e.split(both, 2, [hidden, hidden])
    const gated = w.node('Mul', [e.act({ value: left, shape: [] }, 'silu').value, right])
    x = w.node('Add', [x, scaled(e.linear(gated, hidden, width))])
  }
  const mean = e.mean(e.layerNorm(x, width), [1], false)
  return e.finish(e.dense({ value: mean, shape: [width] }, 5))
}

/** CLIP's ResNet (Radford et al., 2021): attention pools, the mean of the pixels asking. */
export function attentionPooledResNet(e: TorchScript): Uint8Array {
  const w = e.write
  const [width, heads, each] = [16, 2, 8]
  const stem = e.act(e.convNorm(e.image, { out: 8, kernel: 3, stride: 2, pad: 1 }), 'relu')
  const pooled = e.averagePool(stem, { kernel: 2, stride: 2, countPad: true })
  const x = e.act(e.convNorm(pooled, { out: width, kernel: 3, stride: 2, pad: 1 }), 'relu')
  const [, rows = 1, columns = 1] = x.shape
  const pixels = rows * columns
  const flat = e.transpose(e.reshapeTo(x.value, ['batch', width, pixels]), [2, 0, 1])
  const withMean = w.node('Concat', [e.mean(flat, [0], true), flat], { axis: 0 })
  const all = w.node('Add', [withMean, w.around([pixels + 1, 1, width], 0, 0.4)])
  const ofHeads = (value: string, count: number): string => {
    const apart = e.reshapeTo(e.linear(value, width, width), [count, -1, heads, each])
    return e.transpose(apart, [1, 2, 0, 3])
  }
  const query = w.node('Mul', [ofHeads(e.slice(all, 0, 0, 1), 1), e.number(1 / Math.sqrt(each))])
  const [key, value] = [ofHeads(all, pixels + 1), ofHeads(all, pixels + 1)]
  const scores = w.node('MatMul', [query, e.transpose(key, [0, 1, 3, 2])])
  const attended = w.node('MatMul', [w.node('Softmax', [scores], { axis: -1 }), value])
  const token = e.reshapeTo(e.transpose(attended, [2, 0, 1, 3]), [1, -1, width])
  return e.finish({ value: e.squeeze(e.linear(token, width, 5), [0]), shape: [5] })
}
