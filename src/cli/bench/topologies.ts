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
