import { float, int, ints, string } from '../onnx/attributes'
import { floatTensor, int64Tensor } from '../onnx/elements'
import { DataType, type Attribute, type Node, type Tensor } from '../onnx/model'
import { ownPrefix } from '../onnx/names'
import type { NetworkNode } from './network'

/** What an exact 0 becomes before it divides. */
export const inPlaceOfZero = 1e-6

const longestName = 200

/** Above all that is to be bounded from below alone. */
const greatest = 3.4e38

type Attributes = Readonly<Record<string, Attribute>>

/**
 * Writes the nodes of a compiled graph. The same operator on the same inputs is written once, so
 * rules can ask for what they need without minding who asked before.
 */
export class GraphBuilder {
  readonly nodes: Node[] = []
  /** The network's node whose way back is being written; empty before the first. */
  layer = ''
  /** The layer that each added node was written for, by the node's name. */
  readonly layerOf = new Map<string, string>()
  /** What convolutions make of relevance on its way back. */
  readonly adjoints = new Set<string>()
  readonly #tensors = new Map<string, Tensor>()
  readonly #made = new Map<string, string>()
  readonly #written = new Map<string, readonly string[]>()

  /**
   * @param starts explanations of one sample in one run.
   * @param rows of the ledger: one for each sample or start.
   */
  constructor(
    constants: ReadonlyMap<string, Tensor>,
    readonly starts = 1,
    readonly rows = 1,
  ) {
    for (const [name, tensor] of constants) this.#tensors.set(name, tensor)
  }

  /** The initializers that the nodes written so far read. */
  initializers(): Map<string, Tensor> {
    const used = new Set(this.nodes.flatMap((node) => node.inputs))
    return new Map([...this.#tensors].filter(([name]) => used.has(name)))
  }

  /** Writes a node, or its members, as it is: the forward pass keeps its names. */
  forward({ members, ...node }: NetworkNode): void {
    for (const one of members ?? [node]) {
      this.nodes.push(one)
      // Rules may ask for what the forward pass has anyway, such as z⁺ behind a ReLU.
      const known = this.#key(one.operator, one.inputs, one.outputs.length, one.attributes)
      if (one.domain === '') this.#written.set(known, one.outputs)
    }
  }

  #key(
    operator: string,
    inputs: readonly string[],
    count: number,
    attributes: ReadonlyMap<string, Attribute>,
  ): string {
    return JSON.stringify([operator, inputs, count, [...attributes]])
  }

  /** Writes an operator with `count` outputs and returns their names. */
  outputs(
    operator: string,
    inputs: readonly string[],
    count: number,
    attributes: Attributes = {},
  ): readonly string[] {
    const named = new Map(Object.entries(attributes))
    const key = this.#key(operator, inputs, count, named)
    const known = this.#written.get(key)
    if (known) return known
    const id = `${ownPrefix}${this.nodes.length}:${operator}`
    const names = Array.from({ length: count }, (_, at) => (count === 1 ? id : `${id}:${at}`))
    this.nodes.push({
      name: id,
      operator,
      domain: '',
      inputs,
      outputs: names,
      attributes: named,
    })
    this.#written.set(key, names)
    this.layerOf.set(id, this.layer)
    return names
  }

  op(operator: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.outputs(operator, inputs, 1, attributes)[0] ?? ''
  }

  /** A constant, made once per key. */
  tensor(key: string, make: () => { dims: readonly number[]; values: Float32Array }): string {
    const known = this.#made.get(key)
    if (known !== undefined) return known
    // Keys that list numbers are as long as the numbers are many.
    const name = `${ownPrefix}${key.length > longestName ? `constant:${this.#made.size}` : key}`
    const { dims, values } = make()
    this.#tensors.set(name, floatTensor(name, dims, values))
    this.#made.set(key, name)
    return name
  }

  scalar(value: number): string {
    return this.tensor(`scalar:${value}`, () => ({ dims: [], values: Float32Array.of(value) }))
  }

  integers(values: readonly number[]): string {
    const name = `${ownPrefix}integers:${values.join(',')}`
    if (!this.#tensors.has(name))
      this.#tensors.set(name, int64Tensor(name, [values.length], values))
    return name
  }

  add(a: string, b: string): string {
    return this.op('Add', [a, b])
  }

  sum(values: readonly string[]): string {
    const [first, ...rest] = values
    if (first === undefined) throw new Error('nothing to sum')
    return rest.reduce((total, value) => this.add(total, value), first)
  }

  mul(a: string, b: string): string {
    return this.op('Mul', [a, b])
  }

  scale(a: string, factor: number): string {
    return factor === 1 ? a : this.mul(a, this.scalar(factor))
  }

  div(a: string, b: string): string {
    return this.op('Div', [a, b])
  }

  /** x⁺ */
  positive(x: string): string {
    return this.op('Relu', [x])
  }

  /** x⁻ */
  negative(x: string): string {
    return this.op('Min', [x, this.scalar(0)])
  }

  /** max(x, bound): as a Clip, which a convolution makes along with its sum. */
  atLeast(x: string, bound: number): string {
    return this.op('Clip', [x, this.scalar(bound), this.scalar(greatest)])
  }

  /** 1 where a > bound, else 0. */
  above(a: string, bound = 0): string {
    return this.toFloat(this.op('Greater', [a, this.scalar(bound)]))
  }

  /** 1 where a < bound, else 0. */
  below(a: string, bound = 0): string {
    return this.toFloat(this.op('Less', [a, this.scalar(bound)]))
  }

  toFloat(mask: string): string {
    return this.op('Cast', [mask], { to: int(DataType.float) })
  }

  /** sgn(z) with sgn(0) = +1. */
  sign(z: string): string {
    return this.add(
      this.scale(this.toFloat(this.op('GreaterOrEqual', [z, this.scalar(0)])), 2),
      this.scalar(-1),
    )
  }

  /** 1 where z is exactly 0, else 0. */
  isZero(z: string): string {
    return this.toFloat(this.op('Equal', [z, this.scalar(0)]))
  }

  /** stab(z) = z + ε·sgn(z); ε = 0 keeps z but for exact zeros, which become 1e-6. */
  stabilised(z: string, epsilon: number): string {
    return epsilon > 0
      ? this.add(z, this.scale(this.sign(z), epsilon))
      : this.add(z, this.scale(this.isZero(z), inPlaceOfZero))
  }

  reshape(x: string, shape: readonly number[]): string {
    return this.op('Reshape', [x, this.integers(shape)])
  }

  transpose(x: string, order: readonly number[]): string {
    return this.op('Transpose', [x], { perm: ints(order) })
  }

  expand(x: string, shape: readonly number[]): string {
    return this.op('Expand', [x, this.integers(shape)])
  }

  reduceSum(x: string, axes: readonly number[], keep: boolean): string {
    return this.op('ReduceSum', [x, this.integers(axes)], { keepdims: int(keep ? 1 : 0) })
  }

  slice(
    x: string,
    starts: readonly number[],
    ends: readonly number[],
    axes: readonly number[],
  ): string {
    return this.op('Slice', [x, this.integers(starts), this.integers(ends), this.integers(axes)])
  }

  concat(values: readonly string[], axis: number): string {
    const [only, ...rest] = values
    if (only !== undefined && rest.length === 0) return only
    return this.op('Concat', values, { axis: int(axis) })
  }

  gemm(a: string, b: string, bias: string | null, transB: boolean): string {
    return this.op('Gemm', bias === null ? [a, b] : [a, b, bias], { transB: int(transB ? 1 : 0) })
  }

  /** Repeats each element `factors` times along its axis. */
  upsample(x: string, factors: readonly number[]): string {
    const scales = this.tensor(`scales:${factors.join(',')}`, () => ({
      dims: [factors.length],
      values: Float32Array.from(factors),
    }))
    return this.op('Resize', [x, '', scales], {
      mode: string('nearest'),
      coordinate_transformation_mode: string('asymmetric'),
      nearest_mode: string('floor'),
      cubic_coeff_a: float(-0.75),
    })
  }
}
