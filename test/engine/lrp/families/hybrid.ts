import { selfAttention, type AttentionOptions } from './attention'
import type { Exporter } from './exporter'
import { encoderBlock, type Attend } from './visionTransformer'

type Style = Pick<AttentionOptions, 'parts' | 'scale'>

/** A convolutional stem whose pixels are the tokens of a transformer (Xiao et al., 2021; LeViT and others). */
export function convolutionalStem(e: Exporter, style: Style): Uint8Array {
  const width = 16
  let x = e.act(e.convNorm(e.image, { out: 8, kernel: 3, stride: 2, pad: 1 }), 'relu')
  x = e.act(e.convNorm(x, { out: 12, kernel: 3, stride: 2, pad: 1 }), 'relu')
  x = e.conv(x, { out: width, kernel: 2, stride: 2 })
  const [, rows = 1, columns = 1] = x.shape
  const tokens = rows * columns
  const flat = e.reshapeTo(x.value, ['batch', width, tokens])
  let sequence = e.transpose(flat, [0, 2, 1])
  sequence = e.write.node('Add', [sequence, e.write.around([1, tokens, width], 0, 0.5)])
  const attend: Attend = (normal) => selfAttention(e, normal, { tokens, width, heads: 2, ...style })
  sequence = encoderBlock(e, sequence, width, attend)
  const mean = e.mean(e.layerNorm(sequence, width), [1], false)
  return e.finish(e.dense({ value: mean, shape: [width] }, 5))
}

/**
 * MobileViT (Mehta and Rastegari, 2022): inverted residuals with SiLU; attention between the pixels that
 * lie at the same place of their 2 × 2 patches, unfolded and folded by Reshape and Transpose.
 */
export function mobileViT(e: Exporter, style: Style): Uint8Array {
  const width = 12
  const patch = 2
  let x = e.act(e.convNorm(e.image, { out: 8, kernel: 3, stride: 2, pad: 1 }), 'silu')
  const wide = e.act(e.convNorm(x, { out: 16, kernel: 1 }), 'silu')
  const depthwise = { out: 16, kernel: 3, stride: 2, pad: 1, groups: 16 }
  x = e.convNorm(e.act(e.convNorm(wide, depthwise), 'silu'), { out: 10, kernel: 1 })
  const local = e.act(e.convNorm(x, { out: 10, kernel: 3, pad: 1 }), 'silu')
  const features = e.conv(local, { out: width, kernel: 1, bias: false })
  const [, height = 1, columns = 1] = features.shape
  const [down, across] = [height / patch, columns / patch]
  const tokens = down * across
  const area = patch * patch
  const cut = e.reshapeTo(features.value, [-1, patch, across, patch])
  const unfolded = e.reshapeTo(
    e.transpose(cut, [0, 2, 1, 3]),
    ['batch', width, tokens, area],
    features.value,
  )
  let sequence = e.reshapeTo(e.transpose(unfolded, [0, 3, 2, 1]), [-1, tokens, width])
  const attend: Attend = (normal) =>
    selfAttention(e, normal, { tokens, width, heads: 2, batch: -1, ...style })
  sequence = e.layerNorm(encoderBlock(e, sequence, width, attend), width)
  const apart = e.transpose(
    e.reshapeTo(sequence, ['batch', area, tokens, width], x.value),
    [0, 3, 2, 1],
  )
  const rows = e.transpose(e.reshapeTo(apart, [-1, across, patch, patch]), [0, 2, 1, 3])
  const folded = {
    value: e.reshapeTo(rows, ['batch', width, height, columns], x.value),
    shape: [width, height, columns],
  }
  const projected = e.act(e.convNorm(folded, { out: 10, kernel: 1 }), 'silu')
  x = e.act(e.convNorm(e.concat([x, projected]), { out: 16, kernel: 3, pad: 1 }), 'silu')
  return e.finish(e.dense(e.flatten(e.globalPool(x)), 5))
}
