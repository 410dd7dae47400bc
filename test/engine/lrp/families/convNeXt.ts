import type { Activation, Exporter, Feature } from './exporter'

const toChannelsLast = [0, 2, 3, 1]
const toChannelsFirst = [0, 3, 1, 2]

interface Options {
  /**
   * LayerNormalization over the channels of [C, H, W]: between two Transposes, or spelled out over
   * axis 1 as in the authors' code.
   */
  readonly channelNorm: 'transposed' | 'spelled out'
  /** Layer scale with the channels last (the authors, timm) or first (torchvision). */
  readonly scaled: 'channels last' | 'channels first'
  readonly gelu?: Extract<Activation, 'gelu' | 'geluByTanh'>
}

/** ConvNeXt (Liu et al., 2022): depthwise 7 × 7, LayerNormalization, two dense layers, layer scale. */
export function convNeXt(e: Exporter, options: Options): Uint8Array {
  let x = channelNorm(e, e.conv(e.image, { out: 12, kernel: 4, stride: 4 }), options)
  x = block(e, x, options)
  x = e.conv(channelNorm(e, x, options), { out: 16, kernel: 2, stride: 2 })
  x = block(e, x, options)
  const [width = 1] = x.shape
  const mean = e.mean(x.value, [2, 3], false)
  return e.finish(e.dense({ value: e.layerNorm(mean, width), shape: [width] }, 5))
}

function channelNorm(e: Exporter, x: Feature, { channelNorm: form }: Options): Feature {
  const [width = 1] = x.shape
  if (form === 'transposed') {
    const normal = e.layerNorm(e.transpose(x.value, toChannelsLast), width)
    return { ...x, value: e.transpose(normal, toChannelsFirst) }
  }
  const w = e.write
  const mean = e.mean(x.value, [1], true)
  const centred = (): string => w.node('Sub', [x.value, mean])
  const variance = e.mean(w.node('Pow', [centred(), e.number(2)]), [1], true)
  const root = w.node('Sqrt', [w.node('Add', [variance, e.number(1e-5)])])
  const normal = w.node('Div', [centred(), root])
  const scaled = w.node('Mul', [w.around([width, 1, 1], 1, 0.3), normal])
  return { ...x, value: w.node('Add', [scaled, w.around([width, 1, 1], 0, 0.2)]) }
}

function block(e: Exporter, x: Feature, { scaled, gelu = 'gelu' }: Options): Feature {
  const [width = 1, ...size] = x.shape
  const w = e.write
  const spatial = e.conv(x, { out: width, kernel: 7, pad: 3, groups: width })
  const normal = e.layerNorm(e.transpose(spatial.value, toChannelsLast), width)
  const wide = { value: e.linear(normal, width, 2 * width), shape: [...size, 2 * width] }
  let branch = e.linear(e.act(wide, gelu).value, 2 * width, width)
  if (scaled === 'channels last') branch = w.node('Mul', [w.around([width], 0.5, 0.4), branch])
  branch = e.transpose(branch, toChannelsFirst)
  if (scaled === 'channels first') {
    branch = w.node('Mul', [w.around([width, 1, 1], 0.5, 0.4), branch])
  }
  return e.add(x, { ...x, value: branch })
}

/** ConvNeXt of keras.applications: the image and all behind it stay channels last. */
export function channelsLastConvNeXt(e: Exporter): Uint8Array {
  const w = e.write
  const step = (x: Feature): Feature => {
    const [width = 1, ...size] = x.shape
    const spatial = e.conv(x, { out: width, kernel: 7, pad: 3, groups: width })
    const wide = e.linear(e.layerNorm(spatial.value, width), width, 2 * width)
    const active = e.act({ value: wide, shape: [...size, 2 * width] }, 'gelu')
    const branch = e.linear(active.value, 2 * width, width)
    const scaled = w.node('Mul', [branch, w.around([width], 0.5, 0.4)])
    return e.add(x, { ...x, value: scaled })
  }
  const stem = e.conv(e.image, { out: 12, kernel: 4, stride: 4 })
  const first = step({ ...stem, value: e.layerNorm(stem.value, 12) })
  const second = e.conv(
    { ...first, value: e.layerNorm(first.value, 12) },
    { out: 16, kernel: 2, stride: 2 },
  )
  const pooled = e.flatten(e.globalPool(step(second)))
  return e.finish(e.dense({ ...pooled, value: e.layerNorm(pooled.value, 16) }, 5))
}
