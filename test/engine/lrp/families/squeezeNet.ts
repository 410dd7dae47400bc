import type { Exporter, Feature } from './exporter'

/** SqueezeNet (Iandola et al., 2016): fire modules, and a convolution for a classifier. */
export function squeezeNet(e: Exporter, { flat = true } = {}): Uint8Array {
  const pool = { kernel: 3, stride: 2, ceil: true }
  let x = e.act(e.conv(e.image, { out: 12, kernel: 3, stride: 2 }), 'relu')
  x = e.maxPool(x, pool)
  x = fire(e, fire(e, x, 6, 10), 6, 10)
  x = e.maxPool(x, pool)
  x = e.dropout(fire(e, x, 8, 12))
  x = e.act(e.conv(x, { out: 5, kernel: 1 }), 'relu')
  x = e.globalPool(x)
  return e.finish(flat ? e.flatten(x) : x)
}

function fire(e: Exporter, x: Feature, squeezed: number, expanded: number): Feature {
  const squeeze = e.act(e.conv(x, { out: squeezed, kernel: 1 }), 'relu')
  return e.concat([
    e.act(e.conv(squeeze, { out: expanded, kernel: 1 }), 'relu'),
    e.act(e.conv(squeeze, { out: expanded, kernel: 3, pad: 1 }), 'relu'),
  ])
}
