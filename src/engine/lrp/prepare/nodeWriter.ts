import { int, ints } from '../../onnx/attributes'
import { floatTensor, floatsOf, int64Tensor } from '../../onnx/elements'
import type { Attribute, Tensor } from '../../onnx/model'
import { ownPrefix } from '../../onnx/names'
import { sizeOf, type NetworkNode } from '../network'

/** The constants and shapes of a graph that is being rewritten: what is written adds its own. */
export interface Draft {
  readonly constants: Map<string, Tensor>
  readonly shapes: Map<string, readonly number[]>
}

type Attributes = Readonly<Record<string, Attribute>>

/** The shape that two shapes broadcast to. */
export function broadcast(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, axis) => {
    const one = a[axis - rank + a.length] ?? 1
    return one === 1 ? (b[axis - rank + b.length] ?? 1) : one
  })
}

/**
 * Writes what takes the place of one node, in the form of opset 17, and keeps the shapes of all that it
 * makes. Names of nodes begin with the original's.
 */
export class NodeWriter {
  readonly #node: NetworkNode
  readonly #draft: Draft
  #nodes: NetworkNode[] = []
  #count = 0
  #bearer: NetworkNode | null = null

  constructor(node: NetworkNode, draft: Draft) {
    this.#node = node
    this.#draft = draft
  }

  /** Of a value of the graph, made here or elsewhere, or of a constant. */
  shape(value: string): readonly number[] {
    const shape = this.#draft.shapes.get(value) ?? this.#draft.constants.get(value)?.dims
    if (!shape) throw new Error(`the shape of ${value} is not known`)
    return shape
  }

  constantOf(value: string): Tensor | null {
    return this.#draft.constants.get(value) ?? null
  }

  /** A node with the shape that its inputs broadcast to, or the one stated. */
  op(
    operator: string,
    inputs: readonly string[],
    attributes: Attributes = {},
    shape?: readonly number[],
  ): string {
    const id = this.#newId(operator)
    const output = `${ownPrefix}${this.#node.name}/${id}`
    const known = inputs.filter((value) => value !== '')
    this.#draft.shapes.set(
      output,
      shape ?? known.map((value) => this.shape(value)).reduce(broadcast, []),
    )
    this.#nodes.push({
      name: `${this.#node.name}/${id}`,
      operator,
      domain: '',
      inputs,
      outputs: [output],
      attributes: new Map(Object.entries(attributes)),
    })
    return output
  }

  /**
   * Several nodes that act as one function of a value.
   * @param write writes its members and returns what the last of them puts out.
   */
  group(operator: string, source: string, attributes: Attributes, write: () => string): string {
    const before = this.#nodes
    this.#nodes = []
    const output = write()
    const members = this.#nodes
    this.#nodes = [
      ...before,
      {
        name: `${this.#node.name}/${this.#newId(operator)}`,
        operator,
        domain: '',
        inputs: [source],
        outputs: [output],
        attributes: new Map(Object.entries(attributes)),
        members,
      },
    ]
    return output
  }

  /** Gives the node that was written last the name of the original; without this the last of all has it. */
  bearName(): void {
    this.#bearer = this.#nodes.at(-1) ?? null
  }

  /** A constant takes its new shape at once. */
  reshape(x: string, shape: readonly number[]): string {
    const now = this.shape(x)
    if (now.length === shape.length && now.every((size, axis) => size === shape[axis])) return x
    const constant = this.constantOf(x)
    if (constant) return this.floats(`${x} as ${shape.join('×')}`, shape, floatsOf(constant))
    return this.op('Reshape', [x, this.integers(shape)], {}, shape)
  }

  /** A constant is transposed at once. */
  transpose(x: string, perm: readonly number[]): string {
    if (perm.every((from, to) => from === to)) return x
    const shape = this.shape(x)
    const transposed = perm.map((axis) => shape[axis] ?? 1)
    const constant = this.constantOf(x)
    if (!constant) return this.op('Transpose', [x], { perm: ints(perm) }, transposed)
    const values = permuted(floatsOf(constant), shape, perm)
    return this.floats(`${x} transposed ${perm.join(',')}`, transposed, values)
  }

  /** The last two axes swapped. */
  swapped(x: string): string {
    const axes = this.shape(x).map((_, axis) => axis)
    return this.transpose(x, [...axes.slice(0, -2), ...axes.slice(-2).toReversed()])
  }

  /** What lies between two places of one axis. */
  slice(x: string, axis: number, [from, to]: readonly [number, number]): string {
    const shape = this.shape(x)
    if (from === 0 && to === shape[axis]) return x
    const bounds = [[from], [to], [axis]].map((values) => this.integers(values))
    return this.op('Slice', [x, ...bounds], {}, shape.with(axis, to - from))
  }

  /** Values one behind another along an axis. */
  concat(values: readonly string[], axis: number): string {
    const [first = '', ...others] = values
    if (others.length === 0) return first
    const size = values.reduce((sum, value) => sum + (this.shape(value)[axis] ?? 1), 0)
    return this.op('Concat', values, { axis: int(axis) }, this.shape(first).with(axis, size))
  }

  /** The mean over some axes, which stay with one element. */
  mean(x: string, axes: readonly number[]): string {
    const shape = this.shape(x).map((size, axis) => (axes.includes(axis) ? 1 : size))
    return this.op('ReduceMean', [x], { axes: ints(axes), keepdims: int(1) }, shape)
  }

  /** A matrix product of two values of two or more dimensions. */
  matMul(a: string, b: string): string {
    return this.op('MatMul', [a, b], {}, this.shapeOfProduct(a, b))
  }

  shapeOfProduct(a: string, b: string): readonly number[] {
    const [one, other] = [this.shape(a), this.shape(b)]
    const lead = broadcast(one.slice(0, -2), other.slice(0, -2))
    return [...lead, one.at(-2) ?? 1, other.at(-1) ?? 1]
  }

  scalar(value: number): string {
    return this.floats(`scalar:${value}`, [], Float32Array.of(value))
  }

  /** A constant that the node brings along. */
  floats(key: string, dims: readonly number[], values: Float32Array): string {
    const name = `${ownPrefix}${this.#node.name}:${key}`
    this.#draft.constants.set(name, floatTensor(name, dims, values))
    return name
  }

  integers(values: readonly number[]): string {
    const name = `${ownPrefix}integers:${values.join(',')}`
    this.#draft.constants.set(name, int64Tensor(name, [values.length], values))
    return name
  }

  /**
   * All that was written, its last values under the names of the original's outputs.
   * @param values what the original node puts out, in order; one that nothing here has made, or twice the
   *   same, is handed on by a Reshape of its own.
   */
  finish(...values: readonly string[]): NetworkNode[] {
    const names = new Map<string, string>()
    for (const [at, output] of this.#node.outputs.entries()) {
      const value = values[at]
      if (output === '' || value === undefined || value === '') continue
      const isMade = this.#nodes.some((node) => node.outputs.includes(value))
      const own = isMade && !names.has(value) ? value : this.#handOn(value)
      names.set(own, output)
    }
    const bearer = this.#bearer ?? this.#nodes.at(-1)
    return this.#nodes.map((node) => ({
      ...renamed(node, names),
      name: node === bearer ? this.#node.name : node.name,
    }))
  }

  /** One node may be rewritten more than once. */
  #newId(operator: string): string {
    let id = `${operator}:${this.#count++}`
    while (this.#draft.shapes.has(`${ownPrefix}${this.#node.name}/${id}`)) {
      id = `${operator}:${this.#count++}`
    }
    return id
  }

  #handOn(value: string): string {
    const shape = this.shape(value)
    return this.op('Reshape', [value, this.integers(shape)], {}, shape)
  }
}

/** With other names for some values. */
function renamed(node: NetworkNode, names: ReadonlyMap<string, string>): NetworkNode {
  const name = (value: string): string => names.get(value) ?? value
  return {
    ...node,
    inputs: node.inputs.map(name),
    outputs: node.outputs.map(name),
    ...(node.members && { members: node.members.map((member) => renamed(member, names)) }),
  }
}

function permuted(
  values: Float32Array,
  shape: readonly number[],
  perm: readonly number[],
): Float32Array {
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)))
  const result = new Float32Array(values.length)
  const index = perm.map(() => 0)
  for (let at = 0; at < result.length; at++) {
    const from = perm.reduce((sum, axis, to) => sum + (index[to] ?? 0) * (strides[axis] ?? 0), 0)
    result[at] = values[from] ?? 0
    for (let to = perm.length - 1; to >= 0; to--) {
      const next = (index[to] ?? 0) + 1
      index[to] = next < (shape[perm[to] ?? 0] ?? 1) ? next : 0
      if (index[to] !== 0) break
    }
  }
  return result
}
