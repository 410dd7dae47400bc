import type { Exporter, Feature } from './exporter'

/** Where a softmax over the pixels looks: Σ x · softmax(W x), [C, 1, 1]. */
function context(e: Exporter, x: Feature): Feature {
  const [channels = 1, height = 1, width = 1] = x.shape
  const w = e.write
  const pixels = e.unsqueeze(e.reshapeTo(x.value, ['batch', channels, height * width]), [1])
  const scores = e.conv(x, { out: 1, kernel: 1 })
  const flat = e.reshapeTo(scores.value, ['batch', 1, height * width])
  const mask = e.unsqueeze(w.node('Softmax', [flat], { axis: 2 }), [-1])
  return e.reshape({ value: w.node('MatMul', [pixels, mask]), shape: [] }, [channels, 1, 1])
}

/** GCNet (Cao et al., 2019): what attention pools is transformed and added to every pixel. */
export function globalContextNet(e: Exporter): Uint8Array {
  let x = e.act(e.convNorm(e.image, { out: 8, kernel: 3, stride: 2, pad: 1 }), 'relu')
  x = e.maxPool(x, { kernel: 2, stride: 2 })
  x = e.act(e.convNorm(x, { out: 12, kernel: 3, pad: 1 }), 'relu')
  const inner = e.conv(context(e, x), { out: 6, kernel: 1 })
  const parameters = [e.write.around([6, 1, 1], 1, 0.3), e.write.around([6, 1, 1], 0, 0.2)]
  const normal = e.write.node('LayerNormalization', [inner.value, ...parameters], { axis: -3 })
  const active = e.act({ ...inner, value: normal }, 'relu')
  x = e.act(e.add(x, e.conv(active, { out: 12, kernel: 1 })), 'relu')
  const pooled = context(e, x)
  return e.finish(e.dense(e.flatten(pooled), 5))
}

/** SKNet (Li et al., 2019): a softmax chooses, channel by channel, between two kernel sizes. */
export function selectiveKernelNet(e: Exporter): Uint8Array {
  const w = e.write
  let x = e.act(e.convNorm(e.image, { out: 8, kernel: 3, stride: 2, pad: 1 }), 'relu')
  x = e.maxPool(x, { kernel: 2, stride: 2 })
  const [channels = 1, height = 1, width = 1] = x.shape
  const branches = [
    e.act(e.convNorm(x, { out: channels, kernel: 3, pad: 1 }), 'relu'),
    e.act(e.convNorm(x, { out: channels, kernel: 3, pad: 2, dilation: 2 }), 'relu'),
  ]
  const stacked = w.node(
    'Concat',
    branches.map((branch) => e.unsqueeze(branch.value, [1])),
    { axis: 1 },
  )
  const sum = w.node('ReduceSum', [stacked, e.list([1])], { keepdims: 0 })
  const squeezed = e.globalPool({ value: sum, shape: [channels, height, width] })
  const inner = e.act(e.convNorm(squeezed, { out: 6, kernel: 1 }), 'relu')
  const choice = e.conv(inner, { out: 2 * channels, kernel: 1, bias: false })
  const apart = e.reshapeTo(choice.value, ['batch', 2, channels, 1, 1])
  const factors = w.node('Softmax', [apart], { axis: 1 })
  const chosen = w.node('ReduceSum', [w.node('Mul', [stacked, factors]), e.list([1])], {
    keepdims: 0,
  })
  x = e.convNorm({ value: chosen, shape: x.shape }, { out: 16, kernel: 1 })
  return e.finish(e.dense(e.flatten(e.globalPool(e.act(x, 'relu'))), 5))
}

/** Attention-based multiple instance learning (Ilse et al., 2018): the patches of one image are the bag. */
export function attentionPooledBag(e: Exporter): Uint8Array {
  const w = e.write
  let x = e.act(e.convNorm(e.image, { out: 8, kernel: 3, stride: 2, pad: 1 }), 'relu')
  x = e.act(e.convNorm(x, { out: 12, kernel: 4, stride: 4 }), 'relu')
  const [channels = 1, rows = 1, columns = 1] = x.shape
  const flat = e.reshapeTo(x.value, ['batch', channels, rows * columns])
  const bag = e.transpose(flat, [0, 2, 1])
  const tanh = e.act({ value: e.linear(bag, channels, 8), shape: [] }, 'tanh')
  const gate = e.act({ value: e.linear(bag, channels, 8), shape: [] }, 'sigmoid')
  const scores = e.linear(e.mul(tanh, gate).value, 8, 1)
  const attention = w.node('Softmax', [e.transpose(scores, [0, 2, 1])], { axis: 2 })
  const pooled = e.squeeze(w.node('MatMul', [attention, bag]), [1])
  return e.finish(e.dense({ value: pooled, shape: [channels] }, 5))
}
