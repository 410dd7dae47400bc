import { selfAttention, type AttentionOptions } from './attention'
import type { Activation, Exporter } from './exporter'

type Gelu = Extract<Activation, 'gelu' | 'geluByTanh'>

/** What mixes tokens: [batch, tokens, width] → the same. */
export type Attend = (x: string) => string

/** Pre-norm encoder block: x + attention(LN(x)), then the MLP. */
export function encoderBlock(
  e: Exporter,
  x: string,
  width: number,
  attend: Attend,
  gelu: Gelu = 'gelu',
): string {
  const between = e.write.node('Add', [x, attend(e.layerNorm(x, width))])
  const wide = e.linear(e.layerNorm(between, width), width, 2 * width)
  const active = e.act({ value: wide, shape: [2 * width] }, gelu)
  return e.write.node('Add', [between, e.linear(active.value, 2 * width, width)])
}

type Style = Pick<AttentionOptions, 'parts' | 'scale'>

interface Options {
  /** How the code asks for attention; or the layer that does it all. */
  readonly attention: Style | ((e: Exporter, x: string, sizes: Sizes) => string)
  readonly gelu?: Gelu
  /** What the classifier reads. */
  readonly head: 'class token' | 'mean of the patches'
}

type Sizes = Pick<AttentionOptions, 'tokens' | 'width' | 'heads'>

/** Vision Transformer (Dosovitskiy et al., 2021) on 8 × 8 patches. */
export function visionTransformer(e: Exporter, { attention, gelu, head }: Options): Uint8Array {
  const width = 24
  const patches = e.conv(e.image, { out: width, kernel: 8, stride: 8 })
  const [, rows = 1, columns = 1] = patches.shape
  const count = rows * columns
  const sizes: Sizes = { tokens: count + 1, width, heads: 3 }
  const flat = e.reshapeTo(patches.value, ['batch', width, count])
  const classToken = e.perSample(e.write.around([1, 1, width], 0, 1), [1, width])
  let x = e.write.node('Concat', [classToken, e.transpose(flat, [0, 2, 1])], { axis: 1 })
  x = e.write.node('Add', [x, e.write.around([1, sizes.tokens, width], 0, 0.5)])
  const attend: Attend = (normal) =>
    typeof attention === 'function'
      ? attention(e, normal, sizes)
      : selfAttention(e, normal, { ...sizes, ...attention })
  for (let block = 0; block < 2; block++) x = encoderBlock(e, x, width, attend, gelu)
  if (head === 'class token') {
    const first = e.select(e.layerNorm(x, width), 1, 0)
    return e.finish(e.dense({ value: first, shape: [width] }, 5))
  }
  const mean = e.mean(e.slice(x, 1, 1, sizes.tokens), [1], false)
  return e.finish(e.dense({ value: e.layerNorm(mean, width), shape: [width] }, 5))
}
