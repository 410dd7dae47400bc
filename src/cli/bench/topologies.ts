import { NetworkWriter } from './networkWriter'

/** ResNet-50 v1.5 (He et al. 2016) as exported for inference: BatchNormalization folded; 224². */
export function resnet50(): Uint8Array {
  const net = new NetworkWriter()
  let x = net.maxPool(net.relu(net.conv('input', 3, 64, 7, 2)), 3, 2, 1)
  let channels = 64
  for (const [stage, blocks] of [3, 4, 6, 3].entries()) {
    const width = 64 * 2 ** stage
    for (let block = 0; block < blocks; block++) {
      const stride = stage > 0 && block === 0 ? 2 : 1
      const shortcut = block === 0 ? net.conv(x, channels, width * 4, 1, stride) : x
      const reduced = net.relu(net.conv(x, channels, width, 1))
      const middle = net.relu(net.conv(reduced, width, width, 3, stride))
      const expanded = net.conv(middle, width, width * 4, 1)
      x = net.relu(net.add(expanded, shortcut))
      channels = width * 4
    }
  }
  return net.finish(net.dense(net.flatten(net.globalAveragePool(x)), channels, 1000), 224)
}

/** VGG-16 (Simonyan and Zisserman 2015), configuration D; 224². */
export function vgg16(): Uint8Array {
  const net = new NetworkWriter()
  let x = 'input'
  let channels = 3
  for (const [width, depth] of [
    [64, 2],
    [128, 2],
    [256, 3],
    [512, 3],
    [512, 3],
  ] as const) {
    for (let layer = 0; layer < depth; layer++) {
      x = net.relu(net.conv(x, channels, width, 3))
      channels = width
    }
    x = net.maxPool(x, 2, 2, 0)
  }
  x = net.relu(net.dense(net.flatten(x), 512 * 7 * 7, 4096))
  x = net.relu(net.dense(x, 4096, 4096))
  return net.finish(net.dense(x, 4096, 1000), 224)
}

/**
 * DenseNet-121 (Huang et al. 2017) as exported for inference: the BatchNormalization behind a convolution is
 * folded, the one before it cannot be; 224².
 */
export function densenet121(): Uint8Array {
  const net = new NetworkWriter()
  const growth = 32
  let x = net.maxPool(net.relu(net.conv('input', 3, 64, 7, 2)), 3, 2, 1)
  let channels = 64
  const blocks = [6, 12, 24, 16]
  for (const [block, layers] of blocks.entries()) {
    for (let layer = 0; layer < layers; layer++) {
      const narrow = net.conv(
        net.relu(net.batchNormalization(x, channels)),
        channels,
        4 * growth,
        1,
      )
      x = net.concat(x, net.conv(net.relu(narrow), 4 * growth, growth, 3))
      channels += growth
    }
    const normalised = net.relu(net.batchNormalization(x, channels))
    if (block === blocks.length - 1) {
      x = normalised
    } else {
      x = net.averagePool(net.conv(normalised, channels, channels / 2, 1), 2)
      channels /= 2
    }
  }
  return net.finish(net.dense(net.flatten(net.globalAveragePool(x)), channels, 1000), 224)
}

/** MobileNet v2 (Sandler et al. 2018) as exported for inference: BatchNormalization folded; 224². */
export function mobilenetV2(): Uint8Array {
  const net = new NetworkWriter()
  let x = net.relu6(net.conv('input', 3, 32, 3, 2))
  let channels = 32
  for (const [expansion, width, repeats, firstStride] of [
    [1, 16, 1, 1],
    [6, 24, 2, 2],
    [6, 32, 3, 2],
    [6, 64, 4, 2],
    [6, 96, 3, 1],
    [6, 160, 3, 2],
    [6, 320, 1, 1],
  ] as const) {
    for (let repeat = 0; repeat < repeats; repeat++) {
      const stride = repeat === 0 ? firstStride : 1
      const wide = channels * expansion
      const expanded = expansion === 1 ? x : net.relu6(net.conv(x, channels, wide, 1))
      const filtered = net.relu6(net.conv(expanded, wide, wide, 3, stride, wide))
      const projected = net.conv(filtered, wide, width, 1)
      x = stride === 1 && channels === width ? net.add(projected, x) : projected
      channels = width
    }
  }
  const last = net.relu6(net.conv(x, channels, 1280, 1))
  return net.finish(net.dense(net.flatten(net.globalAveragePool(last)), 1280, 1000), 224)
}

/** By the names that the benchmarks use. */
export const networks = {
  resnet50,
  vgg16,
  densenet121,
  'mobilenet-v2': mobilenetV2,
} as const
export type NetworkName = keyof typeof networks
