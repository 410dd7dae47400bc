import type { Exporter, Feature } from './exporter'
import { squeezeExcite } from './gates'

interface Options {
  readonly block: 'basic' | 'bottleneck'
  /** More than one: ResNeXt (Xie et al., 2017). */
  readonly groups?: number
  /** SE-ResNet (Hu et al., 2018): dense layers that gate each branch. */
  readonly gated?: boolean
  /** Average pooling before the shortcut's convolution (ResNet-D, He et al., 2019). */
  readonly pooledShortcut?: boolean
}

/** ResNet (He et al., 2016): convolution, BatchNormalization and ReLU, with shortcuts around. */
export function resNet(e: Exporter, options: Options): Uint8Array {
  let x = e.act(e.convNorm(e.image, { out: 8, kernel: 7, stride: 2, pad: 3 }), 'relu')
  x = e.maxPool(x, { kernel: 3, stride: 2, pad: 1 })
  x = residual(e, x, 8, 1, options)
  x = residual(e, x, 8, 1, options)
  x = residual(e, x, 16, 2, options)
  return e.finish(e.dense(e.flatten(e.globalPool(x)), 5))
}

function residual(
  e: Exporter,
  x: Feature,
  width: number,
  stride: number,
  options: Options,
): Feature {
  const { block, groups = 1, gated = false, pooledShortcut = false } = options
  const out = block === 'basic' ? width : 2 * width
  const first =
    block === 'basic'
      ? e.act(e.convNorm(x, { out: width, kernel: 3, stride, pad: 1 }), 'relu')
      : e.act(e.convNorm(x, { out: width, kernel: 1 }), 'relu')
  const last =
    block === 'basic'
      ? e.convNorm(first, { out, kernel: 3, pad: 1 })
      : e.convNorm(
          e.act(e.convNorm(first, { out: width, kernel: 3, stride, pad: 1, groups }), 'relu'),
          { out, kernel: 1 },
        )
  const branch = gated
    ? squeezeExcite(e, last, { squeezed: 4, inner: 'relu', gate: 'sigmoid', layers: 'dense' })
    : last
  if (stride === 1 && x.shape[0] === out) return e.act(e.add(branch, x), 'relu')
  const pooled = pooledShortcut && stride > 1
  const source = pooled ? e.averagePool(x, { kernel: 2, stride, ceil: true }) : x
  const shortcut = e.convNorm(source, { out, kernel: 1, stride: pooled ? 1 : stride })
  return e.act(e.add(branch, shortcut), 'relu')
}

/** Pre-activation ResNet (He et al., 2016b): BatchNormalization and ReLU come before the convolutions. */
export function preActivationResNet(e: Exporter): Uint8Array {
  let x = e.conv(e.image, { out: 8, kernel: 3, stride: 2, pad: 1, bias: false })
  for (const [out, stride] of [
    [8, 1],
    [16, 2],
  ] as const) {
    const active = e.act(e.norm(x), 'relu')
    const inner = e.act(e.convNorm(active, { out, kernel: 3, stride, pad: 1 }), 'relu')
    const branch = e.conv(inner, { out, kernel: 3, pad: 1, bias: false })
    const shortcut =
      stride === 1 && x.shape[0] === out
        ? x
        : e.conv(active, { out, kernel: 1, stride, bias: false })
    x = e.add(branch, shortcut)
  }
  x = e.act(e.norm(x), 'relu')
  return e.finish(e.dense(e.flatten(e.globalPool(x)), 5))
}
