import type { Exporter } from './exporter'
import { encoderBlock, type Attend } from './visionTransformer'

/** MLP-Mixer (Tolstikhin et al., 2021): dense layers over the tokens and over the channels in turn. */
export function mlpMixer(e: Exporter): Uint8Array {
  const width = 20
  const patches = e.conv(e.image, { out: width, kernel: 8, stride: 8 })
  const [, rows = 1, columns = 1] = patches.shape
  const tokens = rows * columns
  let x = e.transpose(e.reshapeTo(patches.value, ['batch', width, tokens]), [0, 2, 1])
  const mix: Attend = (normal) => {
    const wide = e.linear(e.transpose(normal, [0, 2, 1]), tokens, 2 * tokens)
    const active = e.act({ value: wide, shape: [width, 2 * tokens] }, 'gelu')
    return e.transpose(e.linear(active.value, 2 * tokens, tokens), [0, 2, 1])
  }
  for (let block = 0; block < 2; block++) x = encoderBlock(e, x, width, mix)
  const mean = e.mean(e.layerNorm(x, width), [1], false)
  return e.finish(e.dense({ value: mean, shape: [width] }, 5))
}

/** PoolFormer (Yu et al., 2022): a pixel's mean with its neighbours, less itself, in the place of attention. */
export function poolFormer(e: Exporter): Uint8Array {
  const width = 12
  const w = e.write
  const scaled = (value: string): string =>
    w.node('Mul', [w.around([width, 1, 1], 0.5, 0.3), value])
  let x = e.conv(e.image, { out: width, kernel: 7, stride: 4, pad: 2 })
  for (let block = 0; block < 2; block++) {
    const normal = e.groupNorm(x, 1)
    const mean = e.averagePool(normal, { kernel: 3, stride: 1, pad: 1 })
    x = e.add(x, { ...x, value: scaled(w.node('Sub', [mean.value, normal.value])) })
    const wide = e.act(e.conv(e.groupNorm(x, 1), { out: 24, kernel: 1 }), 'gelu')
    x = e.add(x, { ...x, value: scaled(e.conv(wide, { out: width, kernel: 1 }).value) })
  }
  const mean = e.mean(e.groupNorm(x, 1).value, [-2, -1], false)
  return e.finish(e.dense({ value: mean, shape: [width] }, 5))
}
