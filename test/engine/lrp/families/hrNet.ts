import type { Exporter, Feature } from './exporter'
import { float } from './graphWriter'

/** nn.Upsample(scale_factor=2, mode='nearest') */
function upsample(e: Exporter, x: Feature): Feature {
  const [channels = 1, height = 1, width = 1] = x.shape
  // Operator set 11 does not let the region of interest be left out yet.
  const none = e.opset < 13 ? e.write.floats([0], []) : ''
  const value = e.write.node('Resize', [x.value, none, e.write.floats([4], [1, 1, 2, 2])], {
    coordinate_transformation_mode: 'asymmetric',
    cubic_coeff_a: float(-0.75),
    mode: 'nearest',
    nearest_mode: 'floor',
  })
  return { value, shape: [channels, 2 * height, 2 * width] }
}

/** HRNet (Wang et al., 2020): two resolutions side by side that exchange what they have found. */
export function hrNet(e: Exporter): Uint8Array {
  const same = (x: Feature, out: number): Feature =>
    e.act(e.convNorm(x, { out, kernel: 3, pad: 1 }), 'relu')
  const halved = (x: Feature, out: number): Feature =>
    e.convNorm(x, { out, kernel: 3, stride: 2, pad: 1 })
  const stem = e.act(halved(e.image, 8), 'relu')
  let fine = same(stem, 8)
  let coarse = e.act(halved(stem, 12), 'relu')
  for (let exchange = 0; exchange < 2; exchange++) {
    const [f, c] = [e.add(same(fine, 8), fine), e.add(same(coarse, 12), coarse)]
    const risen = upsample(e, e.convNorm(c, { out: 8, kernel: 1 }))
    fine = e.act(e.add(f, risen), 'relu')
    coarse = e.act(e.add(halved(f, 12), c), 'relu')
  }
  const joined = e.add(same(coarse, 16), e.act(halved(fine, 16), 'relu'))
  const last = e.act(e.convNorm(joined, { out: 24, kernel: 1 }), 'relu')
  return e.finish(e.dense(e.flatten(e.globalPool(last)), 5))
}
