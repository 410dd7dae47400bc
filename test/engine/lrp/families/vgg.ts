import type { Exporter } from './exporter'

/** VGG (Simonyan and Zisserman, 2015): 3 × 3 convolutions, max pooling, two dense layers with dropout. */
export function vgg(e: Exporter, { norm = false } = {}): Uint8Array {
  let x = e.image
  for (const [out, layers] of [
    [8, 1],
    [12, 2],
    [16, 2],
  ] as const) {
    for (let layer = 0; layer < layers; layer++) {
      const options = { out, kernel: 3, pad: 1 }
      x = e.act(norm ? e.convNorm(x, options) : e.conv(x, options), 'relu')
    }
    x = e.maxPool(x, { kernel: 2, stride: 2 })
  }
  // Adaptive pooling to the size that is there already.
  x = e.averagePool(x, { kernel: 1, stride: 1 })
  x = e.flatten(x)
  for (const width of [32, 24]) x = e.dropout(e.act(e.dense(x, width), 'relu'))
  return e.finish(e.dense(x, 5))
}
