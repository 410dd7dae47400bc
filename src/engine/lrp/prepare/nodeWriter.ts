import { int, ints } from '../../onnx/attributes'
import { floatTensor, int64Tensor } from '../../onnx/elements'
import type { Attribute, Node, Tensor } from '../../onnx/model'
import { ownPrefix } from '../../onnx/names'

/** The constants and shapes of a graph that is being rewritten: what is written adds its own. */
export interface Draft {
  readonly constants: Map<string, Tensor>
  readonly shapes: Map<string, readonly number[]>
}

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
  readonly nodes: Node[] = []
  readonly #node: Node
  readonly #draft: Draft
  #bearer: number | null = null

  constructor(node: Node, draft: Draft) {
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

  /** A node with the shape that its operator gives, or the one stated. */
  op(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    shape?: readonly number[],
  ): string {
    const output = this.#name(operator)
    this.#draft.shapes.set(output, shape ?? this.#broadcast(inputs))
    const node: Node = {
      name: `${this.#node.name}/${operator}:${this.nodes.length}`,
      operator,
      domain: '',
      inputs,
      outputs: [output],
      attributes: new Map(Object.entries(attributes)),
    }
    this.nodes.push(node)
    return output
  }

  /** Gives the node that was written last the name of the original; without this the last of all has it. */
  bearName(): void {
    this.#bearer = this.nodes.length - 1
  }

  reshape(x: string, shape: readonly number[]): string {
    const now = this.shape(x)
    if (now.length === shape.length && now.every((size, axis) => size === shape[axis])) return x
    return this.op('Reshape', [x, this.integers(shape)], {}, shape)
  }

  transpose(x: string, perm: readonly number[]): string {
    if (perm.every((from, to) => from === to)) return x
    const shape = this.shape(x)
    return this.op(
      'Transpose',
      [x],
      { perm: ints(perm) },
      perm.map((axis) => shape[axis] ?? 1),
    )
  }

  /** The last two axes swapped. */
  swapped(x: string): string {
    const axes = this.shape(x).map((_, axis) => axis)
    return this.transpose(x, [...axes.slice(0, -2), ...axes.slice(-2).toReversed()])
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
   * All that was written, its last value under the name of the original's output.
   * @param value what the original node puts out.
   */
  finish(value: string): Node[] {
    const output = this.#node.outputs[0] ?? ''
    const last = this.nodes.at(-1)
    // What is only handed on needs a node of its own to bear the name.
    if (last?.outputs[0] !== value) {
      this.op('Reshape', [value, this.integers(this.shape(value))], {}, this.shape(value))
    }
    const end = this.nodes.length - 1
    const bearer = this.#bearer ?? end
    return this.nodes.map((node, at) => ({
      ...node,
      name: at === bearer ? this.#node.name : node.name,
      outputs: at === end ? [output] : node.outputs,
    }))
  }

  #name(operator: string): string {
    return `${ownPrefix}${this.#node.name}/${operator}:${this.nodes.length}`
  }

  #broadcast(inputs: readonly string[]): readonly number[] {
    return inputs
      .filter((value) => value !== '')
      .map((value) => this.shape(value))
      .reduce(broadcast, [])
  }
}
