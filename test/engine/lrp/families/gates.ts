import type { Activation, Exporter, Feature } from './exporter'

interface SqueezeExcite {
  /** Channels between the two layers. */
  readonly squeezed: number
  readonly inner: Activation
  readonly gate: Activation
  /** The pool of the exporter, or a mean over both axes that the code asks for. */
  readonly pool?: 'global' | 'mean'
  /** Two 1 × 1 convolutions, or two dense layers whose gate is brought back to [C, 1, 1]. */
  readonly layers?: 'convolution' | 'dense'
}

/** x · gate(W₂ inner(W₁ mean(x))): one factor per channel (Hu et al., 2018). */
export function squeezeExcite(e: Exporter, x: Feature, options: SqueezeExcite): Feature {
  const { squeezed, inner, gate, pool = 'global', layers = 'convolution' } = options
  const [channels = 1] = x.shape
  const pooled =
    pool === 'global'
      ? e.globalPool(x)
      : { value: e.mean(x.value, [2, 3], true), shape: [channels, 1, 1] }
  if (layers === 'dense') {
    const first = e.act(e.dense(e.flatten(pooled), squeezed), inner)
    const factors = e.reshape(e.act(e.dense(first, channels), gate), [channels, 1, 1])
    return timesExpanded(e, x, factors)
  }
  const first = e.act(e.conv(pooled, { out: squeezed, kernel: 1 }), inner)
  return e.mul(x, e.act(e.conv(first, { out: channels, kernel: 1 }), gate))
}

/** x * gate.expand_as(x) */
function timesExpanded(e: Exporter, x: Feature, gate: Feature): Feature {
  const expanded = e.write.node('Expand', [gate.value, e.write.node('Shape', [x.value])])
  return e.mul(x, { ...x, value: expanded })
}

/** CBAM (Woo et al., 2018): what the mean and the maximum say, first per channel, then per pixel. */
export function blockAttention(e: Exporter, x: Feature): Feature {
  const [channels = 1, height = 1, width = 1] = x.shape
  const w = e.write
  const inner = 4
  const weights = [
    [w.weights([inner, channels], channels), w.around([inner], 0, 0.2)],
    [w.weights([channels, inner], inner), w.around([channels], 0, 0.2)],
  ] as const
  // The two pools share their layers.
  const shared = (pooled: string): string => {
    const flat = w.node('Flatten', [pooled], { axis: 1 })
    const [first, second] = weights
    const hidden = w.node('Relu', [w.node('Gemm', [flat, ...first], { transB: 1 })])
    return w.node('Gemm', [hidden, ...second], { transB: 1 })
  }
  const mean = shared(w.node('AveragePool', [x.value], { kernel_shape: [height, width] }))
  const most = shared(w.node('MaxPool', [x.value], { kernel_shape: [height, width] }))
  const sum = w.node('Sigmoid', [w.node('Add', [mean, most])])
  const perChannel = { value: e.unsqueeze(e.unsqueeze(sum, [2]), [3]), shape: [channels, 1, 1] }
  const weighed = timesExpanded(e, x, perChannel)
  const strongest = w.node('ReduceMax', [weighed.value], { axes: [1], keepdims: 0 })
  const average = e.mean(weighed.value, [1], false)
  const both = w.node('Concat', [e.unsqueeze(strongest, [1]), e.unsqueeze(average, [1])], {
    axis: 1,
  })
  const map = e.convNorm({ value: both, shape: [2, height, width] }, { out: 1, kernel: 7, pad: 3 })
  return e.mul(weighed, e.act(map, 'sigmoid'))
}

/** ECA (Wang et al., 2020): a convolution along the channels of the mean. */
export function channelConvolution(e: Exporter, x: Feature): Feature {
  const [channels = 1] = x.shape
  const w = e.write
  const row = e.transpose(e.squeeze(e.globalPool(x).value, [-1]), [0, 2, 1])
  const mixed = w.node('Conv', [row, w.weights([1, 1, 3], 3)], {
    dilations: [1],
    group: 1,
    kernel_shape: [3],
    pads: [1, 1],
    strides: [1],
  })
  const column = e.unsqueeze(e.transpose(mixed, [0, 2, 1]), [-1])
  return timesExpanded(e, x, e.act({ value: column, shape: [channels, 1, 1] }, 'sigmoid'))
}
