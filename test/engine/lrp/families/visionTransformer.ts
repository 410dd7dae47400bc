import { selfAttention, type AttentionOptions } from './attention'
import type { Activation, Exporter, Feature } from './exporter'

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
  readonly head: 'class token' | 'two tokens' | 'mean of the patches'
}

export type Sizes = Pick<AttentionOptions, 'tokens' | 'width' | 'heads'>

/** Vision Transformer (Dosovitskiy et al., 2021) on 8 × 8 patches. */
export function visionTransformer(e: Exporter, { attention, gelu, head }: Options): Uint8Array {
  const width = 24
  const patches = e.conv(e.image, { out: width, kernel: 8, stride: 8 })
  const [, rows = 1, columns = 1] = patches.shape
  const count = rows * columns
  const added = head === 'two tokens' ? 2 : 1
  const sizes: Sizes = { tokens: count + added, width, heads: 3 }
  const flat =
    e.channelAxis === 1
      ? e.transpose(e.reshapeTo(patches.value, ['batch', width, count]), [0, 2, 1])
      : e.reshapeTo(patches.value, ['batch', count, width])
  const tokens = Array.from({ length: added }, () =>
    e.perSample(e.write.around([1, 1, width], 0, 1), [1, width]),
  )
  let x = e.write.node('Concat', [...tokens, flat], { axis: 1 })
  x = e.write.node('Add', [x, e.write.around([1, sizes.tokens, width], 0, 0.5)])
  const attend: Attend = (normal) =>
    typeof attention === 'function'
      ? attention(e, normal, sizes)
      : selfAttention(e, normal, { ...sizes, ...attention })
  for (let block = 0; block < 2; block++) x = encoderBlock(e, x, width, attend, gelu)
  if (head !== 'mean of the patches') {
    const normal = e.layerNorm(x, width)
    const ofToken = (at: number): Feature =>
      e.dense({ value: e.select(normal, 1, at), shape: [width] }, 5)
    // DeiT (Touvron et al., 2021): the mean of what the class and the distillation token say.
    return e.finish(
      added === 1 ? ofToken(0) : e.withNumber('Div', e.add(ofToken(0), ofToken(1)), 2),
    )
  }
  const mean = e.mean(e.slice(x, 1, 1, sizes.tokens), [1], false)
  return e.finish(e.dense({ value: e.layerNorm(mean, width), shape: [width] }, 5))
}
