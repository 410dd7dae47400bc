import { geometry, pair, type ConvOptions, type PoolOptions } from './window'
import { float, GraphWriter, type Attributes, type WriterOptions } from './graphWriter'

/** A value and its shape without the batch: [C, H, W], [tokens, width] or [width], whatever the layout in the file. */
export interface Feature {
  readonly value: string
  readonly shape: readonly number[]
}

export type Activation =
  | 'relu'
  | 'relu6'
  | 'sigmoid'
  | 'tanh'
  | 'silu'
  | 'hardSigmoid'
  | 'hardSwish'
  | 'gelu'
  | 'geluByTanh'

/**
 * What an exporter makes of the layers that networks are written in. Each subclass knows one
 * exporter's habits; what they have in common is here, in the plainest form of ONNX.
 */
export abstract class Exporter {
  readonly write: GraphWriter
  image: Feature

  constructor(options: Omit<WriterOptions, 'inputDims'>, image: readonly number[], batch?: number) {
    this.write = new GraphWriter({ ...options, inputDims: [batch ?? null, ...image] })
    this.image = { value: this.write.input, shape: image }
  }

  get opset(): number {
    return this.write.opset
  }

  /** BatchNormalization behind a convolution: kept, or folded into the convolution. */
  abstract convNorm(x: Feature, options: ConvOptions): Feature

  /** Everything but the batch into one dimension. */
  abstract flatten(x: Feature): Feature

  /**
   * A change of shape, by the whole of the new one.
   * @param dims `batch` stands for the first size of `sized`, which is the value itself when absent.
   */
  abstract reshapeTo(value: string, dims: readonly (number | 'batch')[], sized?: string): string

  /** Cuts along an axis (the batch is axis 0) into parts of the sizes given. */
  abstract split(value: string, axis: number, sizes: readonly number[]): readonly string[]

  /** The mean over some axes (the batch is axis 0). */
  abstract mean(value: string, axes: readonly number[], keep: boolean): string

  /** A number that a formula in the code mentions. */
  abstract number(value: number): string

  /** Integers that a call in the code mentions. */
  abstract list(values: readonly (number | bigint)[]): string

  /** A change of shape; the batch stays. */
  reshape(x: Feature, shape: readonly number[]): Feature {
    return { value: this.reshapeTo(x.value, ['batch', ...shape]), shape }
  }

  /** @param order of all axes, the batch included. */
  transpose(value: string, order: readonly number[]): string {
    return this.write.node('Transpose', [value], { perm: order })
  }

  /** A node of the same shape as its first input. */
  apply(operator: string, inputs: readonly Feature[], attributes: Attributes = {}): Feature {
    const [first] = inputs
    if (!first) throw new Error(`${operator} needs an input`)
    const values = inputs.map(({ value }) => value)
    return { value: this.write.node(operator, values, attributes), shape: first.shape }
  }

  /** x with a number on its right. */
  withNumber(operator: string, x: Feature, value: number): Feature {
    return { ...x, value: this.write.node(operator, [x.value, this.number(value)]) }
  }

  conv(x: Feature, options: ConvOptions): Feature {
    const { out, groups = 1, bias = true } = options
    const window = geometry(x.shape, options)
    const inputs = [x.value, ...this.kernels(x, options)]
    if (bias) inputs.push(this.write.around([out], 0, 0.1))
    const value = this.write.node('Conv', inputs, {
      dilations: window.dilations,
      group: groups,
      kernel_shape: window.kernel,
      pads: window.pads,
      strides: window.strides,
    })
    return { value, shape: [out, ...window.size] }
  }

  /** The weights of a convolution, [out, in / groups, kh, kw]. */
  protected kernels(x: Feature, { out, kernel, groups = 1 }: ConvOptions): string[] {
    const [kh, kw] = pair(kernel)
    const inner = (x.shape[0] ?? 1) / groups
    return [this.write.weights([out, inner, kh, kw], inner * kh * kw)]
  }

  /** Scale, shift, mean and variance that a trained BatchNormalization could have. */
  protected normParameters(channels: number): string[] {
    return [
      this.write.around([channels], 1, 0.2),
      this.write.around([channels], 0, 0.2),
      this.write.around([channels], 0, 0.2),
      this.write.around([channels], 1, 0.3),
    ]
  }

  norm(x: Feature): Feature {
    const [channels = 1] = x.shape
    return {
      ...x,
      value: this.write.node('BatchNormalization', [x.value, ...this.normParameters(channels)], {
        epsilon: float(1e-5),
        momentum: float(0.9),
      }),
    }
  }

  /** Each group of channels by its own mean and variance: a group is an instance of its own. */
  groupNorm(x: Feature, groups: number): Feature {
    const [channels = 1] = x.shape
    const w = this.write
    const apart = w.node('Reshape', [x.value, this.list([0, groups, -1])])
    const plain = [
      w.floats([groups], Array<number>(groups).fill(1)),
      w.floats([groups], Array<number>(groups).fill(0)),
    ]
    const normal = w.node('InstanceNormalization', [apart, ...plain], { epsilon: float(1e-5) })
    const together = w.node('Reshape', [normal, w.node('Shape', [x.value])])
    const scaled = w.node('Mul', [together, w.around([channels, 1, 1], 1, 0.2)])
    return { ...x, value: w.node('Add', [scaled, w.around([channels, 1, 1], 0, 0.2)]) }
  }

  act(x: Feature, kind: Activation): Feature {
    switch (kind) {
      case 'relu':
        return this.apply('Relu', [x])
      case 'sigmoid':
        return this.apply('Sigmoid', [x])
      case 'tanh':
        return this.apply('Tanh', [x])
      case 'silu':
        return this.mul(x, this.act(x, 'sigmoid'))
      case 'relu6':
        return this.clip(x, 0, 6)
      case 'hardSigmoid':
        return this.hardSigmoid(x)
      case 'hardSwish':
        return this.hardSwish(x)
      case 'gelu':
        return this.gelu(x)
      case 'geluByTanh':
        return this.geluByTanh(x)
    }
  }

  clip(x: Feature, low: number, high: number): Feature {
    return {
      ...x,
      value: this.write.node('Clip', [x.value, this.number(low), this.number(high)]),
    }
  }

  protected hardSigmoid(x: Feature): Feature {
    return this.apply('HardSigmoid', [x], { alpha: float(1 / 6), beta: float(0.5) })
  }

  protected hardSwish(x: Feature): Feature {
    return this.mul(x, this.hardSigmoid(x))
  }

  /** x · (1 + erf(x / √2)) · ½ */
  protected gelu(x: Feature): Feature {
    const erf = this.apply('Erf', [this.withNumber('Div', x, Math.SQRT2)])
    return this.withNumber('Mul', this.mul(x, this.withNumber('Add', erf, 1)), 0.5)
  }

  /** ½ · x · (1 + tanh(√(2/π) · (x + 0.044715 · x³))), in the order of the PyTorch exporters. */
  protected geluByTanh(x: Feature): Feature {
    const cube = this.mul(x, this.mul(x, x))
    const inner = this.add(x, this.withNumber('Mul', cube, 0.044715))
    const tanh = this.act(this.withNumber('Mul', inner, Math.sqrt(2 / Math.PI)), 'tanh')
    return this.withNumber('Mul', this.mul(x, this.withNumber('Add', tanh, 1)), 0.5)
  }

  add(a: Feature, b: Feature): Feature {
    return this.apply('Add', [a, b])
  }

  mul(a: Feature, b: Feature): Feature {
    return this.apply('Mul', [a, b])
  }

  /** Where the channels are, the batch being axis 0. */
  get channelAxis(): number {
    return 1
  }

  /** Along the channels. */
  concat(parts: readonly Feature[]): Feature {
    const value = this.write.node(
      'Concat',
      parts.map((part) => part.value),
      { axis: this.channelAxis },
    )
    const channels = parts.reduce((sum, part) => sum + (part.shape[0] ?? 0), 0)
    return { value, shape: [channels, ...(parts[0]?.shape.slice(1) ?? [])] }
  }

  maxPool(x: Feature, options: PoolOptions): Feature {
    const { kernel, strides, pads, size } = geometry(x.shape, options)
    const attributes: Attributes = {
      kernel_shape: kernel,
      pads,
      strides,
      ...(options.ceil === true && { ceil_mode: 1 }),
    }
    return {
      value: this.write.node('MaxPool', [x.value], attributes),
      shape: [x.shape[0] ?? 1, ...size],
    }
  }

  averagePool(x: Feature, options: PoolOptions): Feature {
    const { kernel, strides, pads, size } = geometry(x.shape, options)
    const attributes: Attributes = {
      kernel_shape: kernel,
      pads,
      strides,
      ...(options.ceil === true && { ceil_mode: 1 }),
      ...(options.countPad === true && { count_include_pad: 1 }),
    }
    return {
      value: this.write.node('AveragePool', [x.value], attributes),
      shape: [x.shape[0] ?? 1, ...size],
    }
  }

  /** [C, H, W] → [C, 1, 1] */
  globalPool(x: Feature): Feature {
    return {
      value: this.write.node('GlobalAveragePool', [x.value]),
      shape: [x.shape[0] ?? 1, 1, 1],
    }
  }

  /** Across five channels, as AlexNet and GoogLeNet have it; α is large enough to be seen. */
  localResponse(x: Feature): Feature {
    return this.apply('LRN', [x], {
      alpha: float(0.2),
      beta: float(0.75),
      bias: float(1),
      size: 5,
    })
  }

  /** Absent from what is exported for inference. */
  dropout(x: Feature): Feature {
    return x
  }

  /** [width] → [out] */
  dense(x: Feature, out: number): Feature {
    const [width = 1] = x.shape
    const value = this.write.node(
      'Gemm',
      [x.value, this.write.weights([out, width], width), this.write.around([out], 0, 0.2)],
      { alpha: float(1), beta: float(1), transB: 1 },
    )
    return { value, shape: [out] }
  }

  /** [batch, …, from] → [batch, …, to] */
  linear(value: string, from: number, to: number, bias = true): string {
    const product = this.write.node('MatMul', [value, this.write.weights([from, to], 2 * from)])
    return bias ? this.write.node('Add', [this.write.around([to], 0, 0.1), product]) : product
  }

  /** Over the last axis. */
  layerNorm(value: string, width: number): string {
    return this.write.node('LayerNormalization', [value, ...this.layerNormParameters(width)], {
      axis: -1,
      epsilon: float(1e-5),
    })
  }

  protected layerNormParameters(width: number): [string, string] {
    return [this.write.around([width], 1, 0.3), this.write.around([width], 0, 0.2)]
  }

  /** A constant for every sample of the batch: [1, …] → [batch, …] */
  abstract perSample(constant: string, shape: readonly number[]): string

  /** value[…, start:end:step, …], from operator set 10 on. */
  slice(value: string, axis: number, start: number, end: number | bigint, step = 1): string {
    const inputs = [value, ...[[start], [end], [axis], [step]].map((at) => this.list(at))]
    return this.write.node('Slice', inputs)
  }

  squeeze(value: string, axes: readonly number[]): string {
    return this.opset < 13
      ? this.write.node('Squeeze', [value], { axes })
      : this.write.node('Squeeze', [value, this.list(axes)])
  }

  unsqueeze(value: string, axes: readonly number[]): string {
    return this.opset < 13
      ? this.write.node('Unsqueeze', [value], { axes })
      : this.write.node('Unsqueeze', [value, this.list(axes)])
  }

  /** value[…, index, …]; the axis goes. */
  select(value: string, axis: number, index: number): string {
    return this.write.node('Gather', [value, this.write.indices([], [index])], { axis })
  }

  /** The file whose output these logits are. */
  finish(logits: Feature): Uint8Array {
    return this.write.finish(logits.value, [null, ...logits.shape])
  }
}
