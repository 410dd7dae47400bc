import { Exporter, type Feature } from './exporter'
import { float } from './graphWriter'
import type { ConvOptions } from './window'

interface DynamoOptions {
  readonly opset: 18 | 19 | 20 | 21 | 22 | 23
}

/**
 * PyTorch's exporter from 2.5 on (`dynamo=True`), which captures aten operators: numbers and lists
 * are initializers, the batch is `Shape(start=0, end=1)`, and newer operators stand for themselves.
 */
export class Dynamo extends Exporter {
  constructor(image: readonly number[], { opset }: DynamoOptions) {
    super({ opset, producer: 'pytorch' }, image)
  }

  /** The exporter's optimiser folds it. */
  override convNorm(x: Feature, options: ConvOptions): Feature {
    return this.conv(x, options)
  }

  /** aten.view with the sizes written out. */
  override flatten(x: Feature): Feature {
    return this.reshape(x, [x.shape.reduce((product, size) => product * size, 1)])
  }

  override number(value: number): string {
    return this.write.floats([], [value])
  }

  override list(values: readonly (number | bigint)[]): string {
    return this.write.integers(values)
  }

  override reshapeTo(value: string, dims: readonly (number | 'batch')[]): string {
    return this.write.node('Reshape', [value, this.shapeOf(dims)], { allowzero: 1 })
  }

  /** A list of sizes some of which are read at run time. */
  shapeOf(dims: readonly (number | 'batch')[]): string {
    if (!dims.includes('batch')) return this.list(dims.filter((size) => size !== 'batch'))
    const batch = this.write.node('Shape', [this.write.input], { start: 0, end: 1 })
    const sizes = dims.map((size) => (size === 'batch' ? batch : this.list([size])))
    return this.write.node('Concat', sizes, { axis: 0 })
  }

  override split(value: string, axis: number, sizes: readonly number[]): readonly string[] {
    const [first] = sizes
    return sizes.every((size) => size === first)
      ? this.write.nodes('Split', [value], { axis, num_outputs: sizes.length }, sizes.length)
      : this.write.nodes('Split', [value, this.list(sizes)], { axis }, sizes.length)
  }

  override mean(value: string, axes: readonly number[], keep: boolean): string {
    return this.write.node('ReduceMean', [value, this.list(axes)], {
      keepdims: keep ? 1 : 0,
      noop_with_empty_axes: 0,
    })
  }

  /** aten.mean.dim over the last two axes: adaptive pooling to one pixel is decomposed. */
  override globalPool(x: Feature): Feature {
    return { value: this.mean(x.value, [-1, -2], true), shape: [x.shape[0] ?? 1, 1, 1] }
  }

  override perSample(constant: string, shape: readonly number[]): string {
    return this.write.node('Expand', [constant, this.shapeOf(['batch', ...shape])])
  }

  /** The weights of nn.Linear, [to, from], transposed in the graph. */
  override linear(value: string, from: number, to: number, bias = true): string {
    const weights = this.transpose(this.write.weights([to, from], 2 * from), [1, 0])
    const product = this.write.node('MatMul', [value, weights])
    return bias ? this.write.node('Add', [product, this.write.around([to], 0, 0.1)]) : product
  }

  override layerNorm(value: string, width: number): string {
    return this.write.node('LayerNormalization', [value, ...this.layerNormParameters(width)], {
      axis: -1,
      epsilon: float(1e-6),
      stash_type: 1,
    })
  }

  override groupNorm(x: Feature, groups: number): Feature {
    if (this.opset < 21) return super.groupNorm(x, groups)
    const [channels = 1] = x.shape
    const parameters = [
      this.write.around([channels], 1, 0.2),
      this.write.around([channels], 0, 0.2),
    ]
    const value = this.write.node('GroupNormalization', [x.value, ...parameters], {
      epsilon: float(1e-5),
      num_groups: groups,
    })
    return { ...x, value }
  }

  protected override hardSwish(x: Feature): Feature {
    return this.apply('HardSwish', [x])
  }

  protected override gelu(x: Feature): Feature {
    return this.opset < 20 ? super.gelu(x) : this.apply('Gelu', [x], { approximate: 'none' })
  }

  protected override geluByTanh(x: Feature): Feature {
    if (this.opset >= 20) return this.apply('Gelu', [x], { approximate: 'tanh' })
    const cube = this.withNumber('Pow', x, 3)
    const inner = this.add(x, this.withNumber('Mul', cube, 0.044715))
    const tanh = this.act(this.withNumber('Mul', inner, Math.sqrt(2 / Math.PI)), 'tanh')
    return this.withNumber('Mul', this.mul(x, this.withNumber('Add', tanh, 1)), 0.5)
  }
}
