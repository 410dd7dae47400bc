import type { Exporter, Feature } from './exporter'
import type { PoolOptions } from './window'

type Kernel = readonly [number, number]

/** A convolution that keeps the size, with BatchNormalization and ReLU. */
function same(e: Exporter, x: Feature, out: number, kernel: Kernel): Feature {
  const pad = [(kernel[0] - 1) / 2, (kernel[1] - 1) / 2] as const
  return e.act(e.convNorm(x, { out, kernel, pad }), 'relu')
}

/** A convolution without padding. */
function valid(e: Exporter, x: Feature, out: number, kernel: number, stride = 1): Feature {
  return e.act(e.convNorm(x, { out, kernel, stride }), 'relu')
}

/**
 * Inception v3 (Szegedy et al., 2016): each kind of module once, asymmetric convolutions, average
 * pooling within the modules.
 * @param countPad the padding counts in the mean: so in PyTorch, not so in Keras.
 */
export function inceptionV3(e: Exporter, countPad: boolean, image = e.image): Uint8Array {
  const pool: PoolOptions = { kernel: 3, stride: 1, pad: 1, countPad }
  let x = valid(e, image, 6, 3, 2)
  x = same(e, valid(e, x, 6, 3), 8, [3, 3])
  x = e.maxPool(x, { kernel: 3, stride: 2 })
  x = moduleA(e, x, pool)
  x = moduleB(e, x)
  x = moduleC(e, x, pool)
  x = moduleE(e, x, pool)
  return e.finish(e.dense(e.dropout(e.flatten(e.globalPool(x))), 5))
}

/**
 * transform_input of torchvision: from ImageNet's mean and deviation to those that the weights were
 * trained with, channel by channel.
 */
export function transformedInput(e: Exporter): Feature {
  const channels = [
    [0.229 / 0.5, (0.485 - 0.5) / 0.5],
    [0.224 / 0.5, (0.456 - 0.5) / 0.5],
    [0.225 / 0.5, (0.406 - 0.5) / 0.5],
  ] as const
  return e.concat(
    channels.map(([factor, summand], channel) => {
      const one = {
        value: e.unsqueeze(e.select(e.image.value, 1, channel), [1]),
        shape: [1, ...e.image.shape.slice(1)],
      }
      return e.withNumber('Add', e.withNumber('Mul', one, factor), summand)
    }),
  )
}

function moduleA(e: Exporter, x: Feature, pool: PoolOptions): Feature {
  return e.concat([
    same(e, x, 4, [1, 1]),
    same(e, same(e, x, 3, [1, 1]), 4, [5, 5]),
    same(e, same(e, same(e, x, 4, [1, 1]), 6, [3, 3]), 6, [3, 3]),
    same(e, e.averagePool(x, pool), 3, [1, 1]),
  ])
}

function moduleB(e: Exporter, x: Feature): Feature {
  return e.concat([
    valid(e, x, 6, 3, 2),
    valid(e, same(e, same(e, x, 4, [1, 1]), 6, [3, 3]), 6, 3, 2),
    e.maxPool(x, { kernel: 3, stride: 2 }),
  ])
}

function moduleC(e: Exporter, x: Feature, pool: PoolOptions): Feature {
  return e.concat([
    same(e, x, 6, [1, 1]),
    same(e, same(e, same(e, x, 4, [1, 1]), 4, [1, 7]), 6, [7, 1]),
    same(e, e.averagePool(x, pool), 6, [1, 1]),
  ])
}

/** Branches that fork once more. */
function moduleE(e: Exporter, x: Feature, pool: PoolOptions): Feature {
  const fork = (stem: Feature): Feature =>
    e.concat([same(e, stem, 5, [1, 3]), same(e, stem, 5, [3, 1])])
  return e.concat([
    same(e, x, 5, [1, 1]),
    fork(same(e, x, 5, [1, 1])),
    fork(same(e, same(e, x, 6, [1, 1]), 5, [3, 3])),
    same(e, e.averagePool(x, pool), 4, [1, 1]),
  ])
}

/** GoogLeNet (Szegedy et al., 2015): pooling that rounds up, LRN in the first version, BatchNormalization since. */
export function googLeNet(e: Exporter, localResponse: boolean): Uint8Array {
  const layer = (x: Feature, out: number, kernel: number, stride = 1): Feature => {
    const options = { out, kernel, stride, pad: (kernel - 1) / 2 }
    return e.act(localResponse ? e.conv(x, options) : e.convNorm(x, options), 'relu')
  }
  const respond = (x: Feature): Feature => (localResponse ? e.localResponse(x) : x)
  const shrink: PoolOptions = { kernel: 3, stride: 2, ceil: true }
  const module = (x: Feature): Feature =>
    e.concat([
      layer(x, 6, 1),
      layer(layer(x, 4, 1), 8, 3),
      layer(layer(x, 2, 1), 4, 5),
      layer(e.maxPool(x, { kernel: 3, stride: 1, pad: 1, ceil: true }), 4, 1),
    ])
  let x = e.maxPool(layer(e.image, 8, 7, 2), shrink)
  x = respond(x)
  x = respond(layer(layer(x, 8, 1), 12, 3))
  x = module(e.maxPool(x, shrink))
  x = module(e.maxPool(x, { kernel: 2, stride: 2, ceil: true }))
  return e.finish(e.dense(e.dropout(e.flatten(e.globalPool(x))), 5))
}
