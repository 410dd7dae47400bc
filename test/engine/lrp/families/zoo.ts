import { Exporter, type Feature } from './exporter'
import { float } from './graphWriter'
import { geometry, type ConvOptions, type PoolOptions } from './window'

interface ZooOptions {
  readonly opset: 7 | 8 | 9
  /** Caffe2 wrote the scale and shift of Caffe's Scale layer behind each BatchNormalization. */
  readonly scaleLayers?: boolean
}

/**
 * The converters that filled the first ONNX zoo (Caffe2, CNTK, MXNet): a batch of one, weights among
 * the inputs, Sum for Add, Dropout with its mask, shapes as initializers, a final Softmax.
 */
export class Zoo extends Exporter {
  readonly #scaleLayers: boolean

  constructor(image: readonly number[], { opset, scaleLayers = false }: ZooOptions) {
    super({ opset, producer: 'onnx-caffe2', irVersion: 3 }, image, 1)
    this.#scaleLayers = scaleLayers
  }

  override convNorm(x: Feature, options: ConvOptions): Feature {
    return this.norm(this.conv(x, { ...options, bias: false }))
  }

  override norm(x: Feature): Feature {
    const { value } = super.norm(x)
    return this.#scaleLayers ? this.#scaled({ ...x, value }) : { ...x, value }
  }

  #scaled(x: Feature): Feature {
    const [channels = 1] = x.shape
    const perChannel = (vector: string): string =>
      this.write.node('Unsqueeze', [vector], { axes: [1, 2] })
    const factor = perChannel(this.write.around([channels], 1, 0.3))
    const scaled = this.write.node('Mul', [x.value, factor])
    const summand = perChannel(this.write.around([channels], 0, 0.2))
    return { ...x, value: this.write.node('Add', [scaled, summand]) }
  }

  override flatten(x: Feature): Feature {
    return this.reshape(x, [x.shape.reduce((product, size) => product * size, 1)])
  }

  override number(value: number): string {
    return this.write.floats([1], [value])
  }

  override list(values: readonly (number | bigint)[]): string {
    return this.write.integers(values)
  }

  override reshapeTo(value: string, dims: readonly (number | 'batch')[]): string {
    const shape = this.list(dims.map((size) => (size === 'batch' ? 1 : size)))
    return this.write.node('Reshape', [value, shape])
  }

  override perSample(constant: string, _shape: readonly number[]): string {
    return constant
  }

  override split(value: string, axis: number, sizes: readonly number[]): readonly string[] {
    return this.write.nodes('Split', [value], { axis, split: sizes }, sizes.length)
  }

  override mean(value: string, axes: readonly number[], keep: boolean): string {
    return this.write.node('ReduceMean', [value], { axes, keepdims: keep ? 1 : 0 })
  }

  override clip(x: Feature, low: number, high: number): Feature {
    return this.apply('Clip', [x], { min: float(low), max: float(high) })
  }

  override add(a: Feature, b: Feature): Feature {
    return this.apply('Sum', [a, b])
  }

  override dropout(x: Feature): Feature {
    const [value = ''] = this.write.nodes('Dropout', [x.value], { ratio: float(0.5) }, 2)
    return { ...x, value }
  }

  override maxPool(x: Feature, options: PoolOptions): Feature {
    return this.#pool('MaxPool', x, options)
  }

  override averagePool(x: Feature, options: PoolOptions): Feature {
    return this.#pool('AveragePool', x, options)
  }

  /** There was no ceil_mode yet: what hangs over is padding below and on the right. */
  #pool(operator: string, x: Feature, options: PoolOptions): Feature {
    const { kernel, strides, pads, size } = geometry(x.shape, options)
    const [, height = 1, width = 1] = x.shape
    const over = (axis: 0 | 1, length: number): number =>
      Math.max(0, (size[axis] - 1) * strides[axis] + kernel[axis] - length - pads[axis])
    const value = this.write.node(operator, [x.value], {
      kernel_shape: kernel,
      pads: [pads[0], pads[1], over(0, height), over(1, width)],
      strides,
    })
    return { value, shape: [x.shape[0] ?? 1, ...size] }
  }

  /** Pooling over all that is left, as an ordinary window. */
  override globalPool(x: Feature): Feature {
    const [channels = 1, height = 1, width = 1] = x.shape
    const window: PoolOptions = { kernel: [height, width], stride: 1 }
    return { ...this.averagePool(x, window), shape: [channels, 1, 1] }
  }

  override finish(logits: Feature): Uint8Array {
    const value = this.write.node('Softmax', [logits.value], { axis: 1 })
    return this.write.finish(value, [1, ...logits.shape])
  }
}
