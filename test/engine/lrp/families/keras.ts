import { Exporter, type Feature } from './exporter'
import { float, type Attributes } from './graphWriter'
import { geometry, pair, type ConvOptions, type Geometry, type PoolOptions } from './window'

interface KerasOptions {
  readonly opset: 9 | 11 | 13 | 15 | 17
  /**
   * Where channels-last ends: at the image, as tf2onnx's optimiser leaves it, or around every
   * convolution and pooling, as it was without; the latter with the weights transposed in the graph
   * and each BatchNormalization as the product and sum of a frozen TensorFlow graph.
   */
  readonly transposes: 'at the ends' | 'around every window'
  /** Rescaling and normalisation as layers of the model, for pixels of 0…255. */
  readonly preprocessing?: boolean
}

const toChannelsFirst = [0, 3, 1, 2]
const toChannelsLast = [0, 2, 3, 1]

/** Keras by tf2onnx: channels last, MatMul and Add for Dense, explicit Pad nodes, a final Softmax. */
export class Keras extends Exporter {
  readonly #around: boolean

  constructor(image: readonly number[], { opset, transposes, preprocessing }: KerasOptions) {
    const [channels = 1, height = 1, width = 1] = image
    super({ opset, producer: 'tf2onnx' }, [height, width, channels])
    this.#around = transposes === 'around every window'
    let value = this.write.input
    if (preprocessing === true) {
      value = this.write.node('Mul', [value, this.number(1 / 255)])
      value = this.write.node('Sub', [
        value,
        this.write.floats([1, 1, 1, 3], [0.485, 0.456, 0.406]),
      ])
      value = this.write.node('Div', [
        value,
        this.write.floats([1, 1, 1, 3], [0.229, 0.224, 0.225]),
      ])
    }
    if (!this.#around) value = this.transpose(value, toChannelsFirst)
    this.image = { value, shape: image }
  }

  /** Runs a window, which wants the channels first. */
  #window(value: string, run: (value: string) => string): string {
    return this.#around
      ? this.transpose(run(this.transpose(value, toChannelsFirst)), toChannelsLast)
      : run(value)
  }

  override convNorm(x: Feature, options: ConvOptions): Feature {
    return this.#around
      ? this.norm(this.conv(x, { ...options, bias: false }))
      : this.conv(x, options)
  }

  override norm(x: Feature): Feature {
    if (!this.#around) return super.norm(x)
    const channels = x.shape.slice(0, 1)
    const scaled = this.write.node('Mul', [x.value, this.write.around(channels, 1, 0.3)])
    return { ...x, value: this.write.node('Add', [scaled, this.write.around(channels, 0, 0.2)]) }
  }

  override conv(x: Feature, options: ConvOptions): Feature {
    const { out, groups = 1, bias = true, stride = 1 } = options
    const window = geometry(x.shape, options)
    const padded = stride > 1 ? this.#padded(x.value, window) : x.value
    const same = stride === 1 && window.pads.some((pad) => pad > 0)
    const weights = this.kernels(x, options)
    const inner = this.#around || !bias ? [] : [this.write.around([out], 0, 0.1)]
    const attributes: Attributes = {
      ...(same && { auto_pad: 'SAME_UPPER' }),
      dilations: window.dilations,
      group: groups,
      kernel_shape: window.kernel,
      strides: window.strides,
    }
    let value = this.#window(padded, (input) =>
      this.write.node('Conv', [input, ...weights, ...inner], attributes),
    )
    if (this.#around && bias) {
      value = this.write.node('Add', [value, this.write.around([out], 0, 0.1)])
    }
    return { value, shape: [out, ...window.size] }
  }

  /** ZeroPadding2D: below and on the right for 3 × 3 as in MobileNet, all around for larger ones. */
  #padded(value: string, { kernel: [height], pads }: Geometry): string {
    if (pads.every((pad) => pad === 0)) return value
    const [top, left] = height === 3 ? [0, 0] : pads
    const [, , bottom, right] = pads
    const all = this.#around
      ? [0, top, left, 0, 0, bottom, right, 0]
      : [0, 0, top, left, 0, 0, bottom, right]
    return this.opset < 11
      ? this.write.node('Pad', [value], { mode: 'constant', pads: all, value: float(0) })
      : this.write.node('Pad', [value, this.list(all)], { mode: 'constant' })
  }

  /** TensorFlow keeps [kh, kw, in, out], and [kh, kw, channels, multiplier] for depthwise ones. */
  protected override kernels(x: Feature, options: ConvOptions): string[] {
    if (!this.#around) return super.kernels(x, options)
    const { out, kernel, groups = 1 } = options
    const [kh, kw] = pair(kernel)
    const [channels = 1] = x.shape
    const inner = channels / groups
    if (groups === 1) {
      const weights = this.write.weights([kh, kw, inner, out], inner * kh * kw)
      return [this.transpose(weights, [3, 2, 0, 1])]
    }
    const weights = this.write.weights([kh, kw, channels, out / channels], kh * kw)
    const first = this.transpose(weights, [2, 3, 0, 1])
    return [this.write.node('Reshape', [first, this.list([out, 1, kh, kw])])]
  }

  override maxPool(x: Feature, options: PoolOptions): Feature {
    return this.#pool('MaxPool', x, options)
  }

  override averagePool(x: Feature, options: PoolOptions): Feature {
    return this.#pool('AveragePool', x, options)
  }

  #pool(operator: string, x: Feature, options: PoolOptions): Feature {
    const { kernel, strides, pads, size } = geometry(x.shape, options)
    const same = pads.some((pad) => pad > 0)
    const value = this.#window(x.value, (input) =>
      this.write.node(operator, [input], {
        auto_pad: same ? 'SAME_UPPER' : 'VALID',
        kernel_shape: kernel,
        strides,
      }),
    )
    return { value, shape: [x.shape[0] ?? 1, ...size] }
  }

  override globalPool(x: Feature): Feature {
    if (!this.#around) return super.globalPool(x)
    return { value: this.mean(x.value, [1, 2], true), shape: [x.shape[0] ?? 1, 1, 1] }
  }

  override mean(value: string, axes: readonly number[], keep: boolean): string {
    return this.write.node('ReduceMean', [value], { axes, keepdims: keep ? 1 : 0 })
  }

  override get channelAxis(): number {
    return this.#around ? 3 : 1
  }

  override flatten(x: Feature): Feature {
    const [channels = 1, height = 1, width = 1] = x.shape
    const size = channels * height * width
    if (height === 1 && width === 1) {
      return { value: this.squeeze(x.value, this.#around ? [1, 2] : [2, 3]), shape: [size] }
    }
    const last = this.#around ? x.value : this.transpose(x.value, toChannelsLast)
    return { value: this.reshapeTo(last, ['batch', size]), shape: [size] }
  }

  override dense(x: Feature, out: number): Feature {
    const [width = 1] = x.shape
    const product = this.write.node('MatMul', [x.value, this.write.weights([width, out], width)])
    return {
      value: this.write.node('Add', [product, this.write.around([out], 0, 0.2)]),
      shape: [out],
    }
  }

  override clip(x: Feature, low: number, high: number): Feature {
    if (this.opset >= 11) return super.clip(x, low, high)
    return this.apply('Clip', [x], { min: float(low), max: float(high) })
  }

  override number(value: number): string {
    return this.write.floats([], [value])
  }

  override list(values: readonly (number | bigint)[]): string {
    return this.write.integers(values)
  }

  override reshapeTo(value: string, dims: readonly (number | 'batch')[]): string {
    return this.write.node('Reshape', [
      value,
      this.list(dims.map((size) => (size === 'batch' ? -1 : size))),
    ])
  }

  override split(value: string, axis: number, sizes: readonly number[]): readonly string[] {
    return this.opset < 13
      ? this.write.nodes('Split', [value], { axis, split: sizes }, sizes.length)
      : this.write.nodes('Split', [value, this.list(sizes)], { axis }, sizes.length)
  }

  override perSample(constant: string, shape: readonly number[]): string {
    const batch = this.slice(this.write.node('Shape', [this.write.input]), 0, 0, 1)
    const wanted = this.write.node('Concat', [batch, this.list(shape)], { axis: 0 })
    return this.write.node('Expand', [constant, wanted])
  }

  override linear(value: string, from: number, to: number, bias = true): string {
    const product = this.write.node('MatMul', [value, this.write.weights([from, to], 2 * from)])
    return bias ? this.write.node('Add', [product, this.write.around([to], 0, 0.1)]) : product
  }

  /** x · inv + (β − mean · inv), where inv = γ / √(variance + ε). */
  override layerNorm(value: string, width: number): string {
    const mean = this.mean(value, [-1], true)
    const centred = this.write.node('Sub', [value, mean])
    const variance = this.mean(this.write.node('Mul', [centred, centred]), [-1], true)
    const root = this.write.node('Sqrt', [this.write.node('Add', [variance, this.number(1e-3)])])
    const [scale, shift] = this.layerNormParameters(width)
    const inverse = this.write.node('Mul', [this.write.node('Reciprocal', [root]), scale])
    const moved = this.write.node('Mul', [mean, inverse])
    const rest = this.write.node('Sub', [shift, moved])
    return this.write.node('Add', [this.write.node('Mul', [value, inverse]), rest])
  }

  /** relu6(x + 3) / 6, as keras.applications writes it. */
  protected override hardSigmoid(x: Feature): Feature {
    return this.withNumber('Mul', this.clip(this.withNumber('Add', x, 3), 0, 6), 1 / 6)
  }

  override finish(logits: Feature): Uint8Array {
    const value = this.write.node('Softmax', [logits.value], { axis: this.opset < 13 ? 1 : -1 })
    return this.write.finish(value, [null, ...logits.shape])
  }
}
