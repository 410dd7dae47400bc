import type { Exporter, Feature } from './exporter'

/** DenseNet (Huang et al., 2017): each layer reads all the ones before it, through its own BatchNormalization. */
export function denseNet(e: Exporter, head: 'dense' | 'convolution' = 'dense'): Uint8Array {
  let x = e.act(e.convNorm(e.image, { out: 8, kernel: 7, stride: 2, pad: 3 }), 'relu')
  x = e.maxPool(x, { kernel: 3, stride: 2, pad: 1 })
  x = denseBlock(e, x, 3)
  x = e.conv(e.act(e.norm(x), 'relu'), { out: 12, kernel: 1, bias: false })
  x = e.averagePool(x, { kernel: 2, stride: 2, countPad: true })
  x = denseBlock(e, x, 2)
  x = e.globalPool(e.act(e.norm(x), 'relu'))
  return e.finish(head === 'dense' ? e.dense(e.flatten(x), 5) : e.conv(x, { out: 5, kernel: 1 }))
}

function denseBlock(e: Exporter, x: Feature, layers: number): Feature {
  let all = x
  for (let layer = 0; layer < layers; layer++) {
    const bottleneck = e.convNorm(e.act(e.norm(all), 'relu'), { out: 12, kernel: 1 })
    const grown = e.conv(e.act(bottleneck, 'relu'), { out: 6, kernel: 3, pad: 1, bias: false })
    all = e.concat([all, grown])
  }
  return all
}
