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
    return e.mul(x, factors)
  }
  const first = e.act(e.conv(pooled, { out: squeezed, kernel: 1 }), inner)
  return e.mul(x, e.act(e.conv(first, { out: channels, kernel: 1 }), gate))
}
