import type { Exporter, Feature } from './exporter'
import { TorchScript } from './torchScript'

/** Channels of different groups change places: Reshape, Transpose, Reshape. */
function channelShuffle(e: Exporter, x: Feature, groups: number): Feature {
  const [channels = 1, height = 1, width = 1] = x.shape
  const order = [0, 2, 1, 3, 4]
  if (!(e instanceof TorchScript)) {
    const apart = e.reshapeTo(x.value, ['batch', groups, channels / groups, height, width])
    const value = e.reshapeTo(e.transpose(apart, order), ['batch', channels, height, width])
    return { ...x, value }
  }
  // `batch, channels, height, width = x.size(); channels // groups`: all read at run time.
  const [n = '', c = '', h = '', w = ''] = [0, 1, 2, 3].map((axis) => e.size(x.value, axis))
  const quotient = e.write.node('Div', [c, e.write.constantInteger(groups)])
  const each = e.write.node('Cast', [e.write.node('Cast', [quotient], { to: 7 })], { to: 7 })
  const list = (sizes: readonly string[]): string => e.write.node('Concat', sizes, { axis: 0 })
  const one = (scalar: string): string => e.unsqueeze(scalar, [0])
  const apart = list([one(n), e.list([groups]), one(each), one(h), one(w)])
  const shuffled = e.transpose(e.write.node('Reshape', [x.value, apart]), order)
  const together = list([one(n), e.list([-1]), one(h), one(w)])
  return { ...x, value: e.write.node('Reshape', [shuffled, together]) }
}

/** ShuffleNet v1 (Zhang et al., 2018): grouped 1 × 1 convolutions; a pooled shortcut joins by Concat. */
export function shuffleNetV1(e: Exporter): Uint8Array {
  const groups = 2
  const unit = (x: Feature, out: number, stride: number): Feature => {
    const inner = 8
    let branch = e.act(e.convNorm(x, { out: inner, kernel: 1, groups }), 'relu')
    branch = channelShuffle(e, branch, groups)
    branch = e.convNorm(branch, { out: inner, kernel: 3, stride, pad: 1, groups: inner })
    branch = e.convNorm(branch, { out, kernel: 1, groups })
    if (stride === 1) return e.act(e.add(branch, x), 'relu')
    return e.act(e.concat([branch, e.averagePool(x, { kernel: 3, stride, pad: 1 })]), 'relu')
  }
  let x = e.act(e.convNorm(e.image, { out: 8, kernel: 3, stride: 2, pad: 1 }), 'relu')
  x = e.maxPool(x, { kernel: 3, stride: 2, pad: 1 })
  x = unit(unit(x, 8, 2), 16, 1)
  x = unit(x, 12, 2)
  return e.finish(e.dense(e.flatten(e.globalPool(x)), 5))
}

/** ShuffleNet v2 (Ma et al., 2018): half of the channels passes by. */
export function shuffleNetV2(e: Exporter, cut: 'Split' | 'Slice'): Uint8Array {
  const branch = (x: Feature, width: number, stride: number): Feature => {
    const first = e.act(e.convNorm(x, { out: width, kernel: 1 }), 'relu')
    const depthwise = { out: width, kernel: 3, stride, pad: 1, groups: width }
    return e.act(e.convNorm(e.convNorm(first, depthwise), { out: width, kernel: 1 }), 'relu')
  }
  const halves = (x: Feature): [Feature, Feature] => {
    const half = (x.shape[0] ?? 0) / 2
    const shape = [half, ...x.shape.slice(1)]
    const [left = '', right = ''] =
      cut === 'Split' || !(e instanceof TorchScript)
        ? e.split(x.value, 1, [half, half])
        : [e.slice(x.value, 1, 0, half), e.slice(x.value, 1, half, 2 * half)]
    return [
      { value: left, shape },
      { value: right, shape },
    ]
  }
  let x = e.act(e.convNorm(e.image, { out: 8, kernel: 3, stride: 2, pad: 1 }), 'relu')
  x = e.maxPool(x, { kernel: 3, stride: 2, pad: 1 })
  const shortcut = e.convNorm(x, { out: 8, kernel: 3, stride: 2, pad: 1, groups: 8 })
  const passed = e.act(e.convNorm(shortcut, { out: 8, kernel: 1 }), 'relu')
  x = channelShuffle(e, e.concat([passed, branch(x, 8, 2)]), 2)
  const [left, right] = halves(x)
  x = channelShuffle(e, e.concat([left, branch(right, 8, 1)]), 2)
  x = e.act(e.convNorm(x, { out: 20, kernel: 1 }), 'relu')
  const mean = { value: e.mean(x.value, [2, 3], false), shape: x.shape.slice(0, 1) }
  return e.finish(e.dense(mean, 5))
}
