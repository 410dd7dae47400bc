import type { Exporter } from './exporter'

/** AlexNet as Caffe had it (Krizhevsky et al., 2012): LRN, grouped convolutions, overlapping pooling. */
export function alexNet(e: Exporter): Uint8Array {
  const pool = { kernel: 3, stride: 2 }
  let x = e.act(e.conv(e.image, { out: 12, kernel: 11, stride: 2 }), 'relu')
  x = e.maxPool(e.localResponse(x), pool)
  x = e.act(e.conv(x, { out: 16, kernel: 5, pad: 2, groups: 2 }), 'relu')
  x = e.maxPool(e.localResponse(x), pool)
  x = e.act(e.conv(x, { out: 20, kernel: 3, pad: 1 }), 'relu')
  x = e.act(e.conv(x, { out: 20, kernel: 3, pad: 1, groups: 2 }), 'relu')
  x = e.act(e.conv(x, { out: 16, kernel: 3, pad: 1, groups: 2 }), 'relu')
  x = e.flatten(e.maxPool(x, pool))
  for (const width of [32, 24]) x = e.dropout(e.act(e.dense(x, width), 'relu'))
  return e.finish(e.dense(x, 5))
}
