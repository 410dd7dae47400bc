import { Exporter, type Feature } from './exporter'
import { float, integerTensor } from './graphWriter'
import type { ConvOptions, PoolOptions } from './window'

interface TorchScriptOptions {
  readonly opset: 11 | 12 | 13 | 14 | 15 | 16 | 17
  /** As `torch.onnx.export` does for inference; false as it was done with `training=PRESERVE`. */
  readonly foldNorm?: boolean
}

/**
 * PyTorch's exporter until 2.8, which traces: numbers become Constant nodes, and every size that the
 * code reads a chain of Shape, Gather, Unsqueeze and Concat.
 */
export class TorchScript extends Exporter {
  readonly #foldNorm: boolean

  constructor(image: readonly number[], { opset, foldNorm = true }: TorchScriptOptions) {
    super({ opset, producer: 'pytorch' }, image)
    this.#foldNorm = foldNorm
  }

  override convNorm(x: Feature, options: ConvOptions): Feature {
    return this.#foldNorm
      ? this.conv(x, options)
      : this.norm(this.conv(x, { ...options, bias: false }))
  }

  override flatten(x: Feature): Feature {
    const width = x.shape.reduce((product, size) => product * size, 1)
    return { value: this.write.node('Flatten', [x.value], { axis: 1 }), shape: [width] }
  }

  override number(value: number): string {
    return this.write.constantFloat(value)
  }

  override list(values: readonly (number | bigint)[]): string {
    return this.write.constantIntegers(values)
  }

  /** x.view(x.size(0), -1) */
  view(x: Feature): Feature {
    const width = x.shape.reduce((product, size) => product * size, 1)
    return { value: this.reshapeTo(x.value, ['batch', -1]), shape: [width] }
  }

  /** x.size(axis), a scalar. */
  size(value: string, axis: number): string {
    const shape = this.write.node('Shape', [value])
    return this.write.node('Gather', [shape, this.write.constantInteger(axis)], { axis: 0 })
  }

  override reshapeTo(
    value: string,
    dims: readonly (number | 'batch')[],
    sized: string = value,
  ): string {
    return this.write.node('Reshape', [value, this.shapeOf(sized, dims)], this.#reshapeAttributes())
  }

  #reshapeAttributes(): { allowzero?: number } {
    return this.opset < 14 ? {} : { allowzero: 0 }
  }

  /** A list of sizes some of which are read at run time. */
  shapeOf(value: string, dims: readonly (number | 'batch')[]): string {
    if (!dims.includes('batch')) return this.list(dims.filter((size) => size !== 'batch'))
    const sizes = dims.map((size) =>
      size === 'batch' ? this.unsqueeze(this.size(value, 0), [0]) : this.list([size]),
    )
    return this.write.node('Concat', sizes, { axis: 0 })
  }

  override split(value: string, axis: number, sizes: readonly number[]): readonly string[] {
    return this.opset < 13
      ? this.write.nodes('Split', [value], { axis, split: sizes }, sizes.length)
      : this.write.nodes('Split', [value, this.list(sizes)], { axis }, sizes.length)
  }

  override mean(value: string, axes: readonly number[], keep: boolean): string {
    return this.write.node('ReduceMean', [value], { axes, keepdims: keep ? 1 : 0 })
  }

  /** Padding that counts is written out, even where there is none. */
  override averagePool(x: Feature, options: PoolOptions): Feature {
    const { countPad = false, pad = 0 } = options
    if (!countPad) return super.averagePool(x, options)
    const [channels = 1, height = 1, width = 1] = x.shape
    const pads = this.list([0, 0, pad, pad, 0, 0, pad, pad])
    const padded = {
      value: this.write.node('Pad', [x.value, pads], { mode: 'constant' }),
      shape: [channels, height + 2 * pad, width + 2 * pad],
    }
    return super.averagePool(padded, { ...options, pad: 0, countPad: false })
  }

  override select(value: string, axis: number, index: number): string {
    return this.write.node('Gather', [value, this.write.constantInteger(index)], { axis })
  }

  /** x.expand(batch, -1, …): the −1 are looked up at run time. */
  override perSample(constant: string, shape: readonly number[]): string {
    const batch = this.unsqueeze(this.size(this.write.input, 0), [0])
    const wanted = this.write.node('Concat', [batch, ...shape.map(() => this.list([-1]))], {
      axis: 0,
    })
    const flat = this.write.node('Reshape', [wanted, this.list([-1])])
    const ones = this.write.node('ConstantOfShape', [this.write.node('Shape', [flat])], {
      value: { kind: 'tensor', value: integerTensor('', [1], [1]) },
    })
    const minusOnes = this.write.node('Mul', [ones, this.write.constantInteger(-1)])
    const open = this.write.node('Equal', [flat, minusOnes])
    return this.write.node('Expand', [constant, this.write.node('Where', [open, ones, flat])])
  }

  /** Before operator set 17 from means, a square and a root. */
  override layerNorm(value: string, width: number): string {
    if (this.opset >= 17) return super.layerNorm(value, width)
    const centred = this.write.node('Sub', [value, this.mean(value, [-1], true)])
    const square = this.write.node('Pow', [centred, this.number(2)])
    const variance = this.write.node('Add', [this.mean(square, [-1], true), this.number(1e-5)])
    const normal = this.write.node('Div', [centred, this.write.node('Sqrt', [variance])])
    const [scale, shift] = this.layerNormParameters(width)
    return this.write.node('Add', [this.write.node('Mul', [normal, scale]), shift])
  }

  protected override hardSwish(x: Feature): Feature {
    return this.opset < 14 ? super.hardSwish(x) : this.apply('HardSwish', [x])
  }

  override norm(x: Feature): Feature {
    const [channels = 1] = x.shape
    return {
      ...x,
      value: this.write.node('BatchNormalization', [x.value, ...this.normParameters(channels)], {
        epsilon: float(1e-5),
        momentum: float(0.9),
        ...(this.opset >= 14 && { training_mode: 0 }),
      }),
    }
  }
}
