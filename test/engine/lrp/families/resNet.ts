import type { Exporter, Feature } from './exporter'
import { squeezeExcite } from './gates'

interface Options {
  readonly block: 'basic' | 'bottleneck'
  /** More than one: ResNeXt (Xie et al., 2017). */
  readonly groups?: number
  /** What each branch goes through last; squeeze-and-excitation has dense layers here (Hu et al., 2018). */
  readonly gate?: (e: Exporter, x: Feature) => Feature
  /** Average pooling before the shortcut's convolution (ResNet-D, He et al., 2019). */
  readonly pooledShortcut?: boolean
  readonly head?: (e: Exporter, x: Feature) => Feature
}

/** The dense gates of SE-ResNet. */
export function denseGate(e: Exporter, x: Feature): Feature {
  return squeezeExcite(e, x, { squeezed: 4, inner: 'relu', gate: 'sigmoid', layers: 'dense' })
}

const plainHead = (e: Exporter, x: Feature): Feature => e.dense(e.flatten(e.globalPool(x)), 5)

/** The head of fastai: both pools, BatchNormalization of vectors, dense layers without bias. */
export function fastaiHead(e: Exporter, x: Feature): Feature {
  const maximum = { ...e.globalPool(x), value: e.write.node('GlobalMaxPool', [x.value]) }
  const pooled = e.norm(e.flatten(e.concat([maximum, e.globalPool(x)])))
  const [width = 1] = pooled.shape
  const hidden = e.act({ value: e.linear(pooled.value, width, 16, false), shape: [16] }, 'relu')
  return { value: e.linear(e.norm(hidden).value, 16, 5, false), shape: [5] }
}

/** ResNet (He et al., 2016): convolution, BatchNormalization and ReLU, with shortcuts around. */
export function resNet(e: Exporter, options: Options): Uint8Array {
  let x = e.act(e.convNorm(e.image, { out: 8, kernel: 7, stride: 2, pad: 3 }), 'relu')
  x = e.maxPool(x, { kernel: 3, stride: 2, pad: 1 })
  x = residual(e, x, 8, 1, options)
  x = residual(e, x, 8, 1, options)
  x = residual(e, x, 16, 2, options)
  return e.finish((options.head ?? plainHead)(e, x))
}

function residual(
  e: Exporter,
  x: Feature,
  width: number,
  stride: number,
  options: Options,
): Feature {
  const { block, groups = 1, gate, pooledShortcut = false } = options
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
  const branch = gate ? gate(e, last) : last
  if (stride === 1 && x.shape[0] === out) return e.act(e.add(branch, x), 'relu')
  const pooled = pooledShortcut && stride > 1
  const source = pooled ? e.averagePool(x, { kernel: 2, stride, ceil: true }) : x
  const shortcut = e.convNorm(source, { out, kernel: 1, stride: pooled ? 1 : stride })
  return e.act(e.add(branch, shortcut), 'relu')
}

/**
 * Pre-activation ResNet (He et al., 2016b): normalisation and ReLU come before the convolutions.
 * @param groups normalised apart in place of BatchNormalization, as in BiT (Kolesnikov et al., 2020).
 */
export function preActivationResNet(e: Exporter, groups?: number): Uint8Array {
  const norm = (x: Feature): Feature => (groups === undefined ? e.norm(x) : e.groupNorm(x, groups))
  let x = e.conv(e.image, { out: 8, kernel: 3, stride: 2, pad: 1, bias: false })
  for (const [out, stride] of [
    [8, 1],
    [16, 2],
  ] as const) {
    const active = e.act(norm(x), 'relu')
    const options = { out, kernel: 3, stride, pad: 1 }
    const first =
      groups === undefined
        ? e.convNorm(active, options)
        : norm(e.conv(active, { ...options, bias: false }))
    const branch = e.conv(e.act(first, 'relu'), { out, kernel: 3, pad: 1, bias: false })
    const shortcut =
      stride === 1 && x.shape[0] === out
        ? x
        : e.conv(active, { out, kernel: 1, stride, bias: false })
    x = e.add(branch, shortcut)
  }
  return e.finish(plainHead(e, e.act(norm(x), 'relu')))
}

/** Res2Net (Gao et al., 2021): the channels in parts, each convolved with what the one before has found. */
export function res2Net(e: Exporter): Uint8Array {
  const layer = (x: Feature, out: number, kernel: number, stride = 1): Feature =>
    e.act(e.convNorm(x, { out, kernel, stride, pad: (kernel - 1) / 2 }), 'relu')
  let x = layer(e.image, 8, 3, 2)
  for (let block = 0; block < 2; block++) {
    const inner = layer(x, 12, 1)
    const parts = e
      .split(inner.value, 1, [4, 4, 4])
      .map((value): Feature => ({ value, shape: [4, ...inner.shape.slice(1)] }))
    const found: Feature[] = []
    for (const part of parts.slice(0, -1)) {
      const before = found.at(-1)
      found.push(layer(before ? e.add(before, part) : part, 4, 3))
    }
    const joined = e.concat([...found, ...parts.slice(-1)])
    x = e.act(e.add(e.convNorm(joined, { out: 8, kernel: 1 }), x), 'relu')
  }
  return e.finish(plainHead(e, x))
}
