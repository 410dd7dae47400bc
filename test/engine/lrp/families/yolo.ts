import type { Exporter, Feature } from './exporter'
import { float } from './graphWriter'

/** The two halves of the channels. */
function halves(e: Exporter, x: Feature): [Feature, Feature] {
  const half = (x.shape[0] ?? 0) / 2
  const shape = [half, ...x.shape.slice(1)]
  const [left = '', right = ''] = e.split(x.value, 1, [half, half])
  return [
    { value: left, shape },
    { value: right, shape },
  ]
}

/** The classifiers of Ultralytics (YOLOv8-cls): SiLU, C2f modules, probabilities at the end. */
export function yoloClassifier(e: Exporter): Uint8Array {
  const layer = (x: Feature, out: number, kernel: number, stride = 1): Feature =>
    e.act(e.convNorm(x, { out, kernel, stride, pad: (kernel - 1) / 2 }), 'silu')
  const c2f = (x: Feature, out: number): Feature => {
    const [first, second] = halves(e, layer(x, out, 1))
    const all = [first, second]
    let last = second
    for (let bottleneck = 0; bottleneck < 2; bottleneck++) {
      last = e.add(last, layer(layer(last, out / 2, 3), out / 2, 3))
      all.push(last)
    }
    return layer(e.concat(all), out, 1)
  }
  let x = layer(e.image, 8, 3, 2)
  x = c2f(layer(x, 12, 3, 2), 12)
  x = layer(c2f(layer(x, 16, 3, 2), 16), 24, 1)
  const logits = e.dense(e.flatten(e.globalPool(x)), 5)
  return e.finish({ ...logits, value: e.write.node('Softmax', [logits.value], { axis: 1 }) })
}

/** CSPDarknet (Wang et al., 2020; Bochkovskiy et al., 2020): half of the channels goes by the blocks. */
export function cspDarknet(e: Exporter): Uint8Array {
  const layer = (x: Feature, out: number, kernel: number, stride = 1): Feature => {
    const convolved = e.convNorm(x, { out, kernel, stride, pad: (kernel - 1) / 2 })
    return e.apply('LeakyRelu', [convolved], { alpha: float(0.1) })
  }
  const stage = (x: Feature, out: number): Feature => {
    const down = layer(x, out, 3, 2)
    const passed = layer(down, out / 2, 1)
    const start = layer(down, out / 2, 1)
    const block = e.add(start, layer(layer(start, out / 2, 1), out / 2, 3))
    return layer(e.concat([layer(block, out / 2, 1), passed]), out, 1)
  }
  const x = stage(stage(layer(e.image, 8, 3), 12), 16)
  return e.finish(e.dense(e.flatten(e.globalPool(x)), 5))
}
