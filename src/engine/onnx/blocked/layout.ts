import { int } from '../attributes'
import { floatsOf, floatTensor, int64Tensor } from '../elements'
import { indexGraph, type GraphIndex } from '../graphIndex'
import { DataType, type Attribute, type Graph, type Node, type Tensor } from '../model'
import { ownPrefix } from '../names'
import { valueTypes } from '../valueTypes'
import { blockedDomain } from './blockSize'
import type { Shapes } from './shapes'
import { blockConstant } from './weights'

/** ReorderInput takes channels in fours. */
const alignment = 4

/**
 * A graph being written with some of its values in blocks of channels, [N, C/b, H, W, b] under the name and
 * dimensions of [N, C, H, W]. Each value exists plain, in blocks, or both; who needs the other form gets it
 * once.
 */
export class Layout {
  readonly nodes: Node[] = []
  readonly initializers: Map<string, Tensor>
  readonly index: GraphIndex
  /** Element types by value; 0 where not known. */
  readonly typeOf: (value: string) => number
  readonly #plain = new Map<string, string>()
  readonly #blocked = new Map<string, string>()
  readonly #outputs: ReadonlySet<string>
  readonly #done = new Set<Node>()
  readonly #later = new Map<string, () => void>()
  readonly #written = new Set<string>()

  /** @param block b, channels in a block. */
  constructor(
    graph: Graph,
    readonly shapes: Shapes,
    readonly block: number,
  ) {
    this.initializers = new Map(graph.initializers)
    this.index = indexGraph(graph.nodes)
    this.typeOf = valueTypes(graph)
    this.#outputs = new Set(graph.outputs.map(({ name }) => name))
  }

  /** The four sizes of an image-like value; null for others and where they are not known. */
  image(value: string): readonly [number, number, number, number] | null {
    const shape = this.shapes.get(value)
    if (shape?.length !== 4) return null
    const [n = 1, c = 1, h = 1, w = 1] = shape
    return [n, c, h, w]
  }

  /** An image-like value whose channels fill whole blocks. */
  isWhole(value: string): boolean {
    const image = this.image(value)
    return image !== null && image[1] % this.block === 0
  }

  /** Whether the value could be had in blocks. */
  canBlock(value: string): boolean {
    if (this.#blocked.has(value)) return true
    const image = this.image(value)
    return image !== null && image[1] % alignment === 0 && this.typeOf(value) === DataType.float
  }

  isBlocked(value: string): boolean {
    return this.#blocked.has(value)
  }

  constant(value: string): Tensor | undefined {
    return this.initializers.get(value)
  }

  /** The node that alone reads a value, unless the graph puts the value out. */
  onlyConsumer(value: string): Node | null {
    const [only, ...others] = this.index.consumers(value)
    return only && others.length === 0 && !this.#outputs.has(value) ? only : null
  }

  /** The name of a value's plain form, made where there is none. */
  plain(value: string): string {
    const known = this.#plain.get(value)
    if (known !== undefined) return known
    const later = this.#later.get(value)
    if (later) {
      this.#later.delete(value)
      later()
      return value
    }
    const blocked = this.#blocked.get(value)
    const image = this.image(value)
    if (blocked === undefined || !image) return value
    if (this.#isSame(value) && !this.#outputs.has(value)) return blocked
    this.#plain.set(value, value)
    if (this.#isSame(value)) this.write('Identity', [blocked], value)
    else if (this.typeOf(value) === DataType.bool) {
      // ReorderOutput takes float32 alone.
      const [inBlocks, numbers] = [`${blocked}:numbers`, `${value}:numbers`]
      this.write('Cast', [blocked], inBlocks, { to: int(DataType.float) })
      this.write('ReorderOutput', [inBlocks], numbers, { channels: int(image[1]) }, blockedDomain)
      this.write('Cast', [numbers], value, { to: int(DataType.bool) })
    } else this.write('ReorderOutput', [blocked], value, { channels: int(image[1]) }, blockedDomain)
    return value
  }

  /** At a single position both orders are the same. */
  #isSame(value: string): boolean {
    const image = this.image(value)
    return image !== null && image[2] * image[3] === 1 && this.isWhole(value)
  }

  /** The name of a value's form in blocks, made where there is none. */
  blocked(value: string): string {
    const known = this.#blocked.get(value)
    if (known !== undefined) return known
    const name = `${ownPrefix}blocked:${value}`
    const tensor = this.initializers.get(value)
    // What was put off is written now.
    this.plain(value)
    this.#plain.set(value, value)
    this.#blocked.set(value, name)
    if (tensor?.dataType === DataType.float) {
      const { dims, values } = blockConstant(floatsOf(tensor), tensor.dims, this.block)
      this.initializers.set(name, floatTensor(name, dims, values))
    } else if (this.#isSame(value)) {
      this.#blocked.set(value, value)
      return value
    } else {
      this.write('ReorderInput', [value], name, {}, blockedDomain)
    }
    return name
  }

  /** Writes the node that makes a value in blocks. */
  writeBlocked(
    operator: string,
    inputs: readonly string[],
    value: string,
    attributes: Readonly<Record<string, Attribute>> | ReadonlyMap<string, Attribute> = {},
    domain = '',
  ): void {
    const name = `${ownPrefix}blocked:${value}`
    this.#blocked.set(value, name)
    this.write(operator, inputs, name, attributes, domain)
  }

  write(
    operator: string,
    inputs: readonly string[],
    output: string,
    attributes: Readonly<Record<string, Attribute>> | ReadonlyMap<string, Attribute> = {},
    domain = '',
  ): void {
    this.nodes.push({
      name: `${ownPrefix}${output}:${operator}`,
      operator,
      domain,
      inputs,
      outputs: [output],
      attributes: attributes instanceof Map ? attributes : new Map(Object.entries(attributes)),
    })
  }

  /** Writes a node as it is, its inputs plain. */
  keep(node: Node): void {
    const inputs = node.inputs.map((input) => (input === '' ? input : this.plain(input)))
    this.nodes.push({ ...node, inputs })
  }

  /** Puts off what makes a value's plain form until somebody needs it. */
  later(value: string, write: () => void): void {
    this.#later.set(value, write)
  }

  once(name: string, write: () => void): void {
    if (this.#written.has(name)) return
    this.#written.add(name)
    write()
  }

  /** A constant, made once per key. */
  tensor(key: string, make: () => { dims: readonly number[]; values: Float32Array }): string {
    const name = `${ownPrefix}blocked:${key}`
    if (!this.initializers.has(name)) {
      const { dims, values } = make()
      this.initializers.set(name, floatTensor(name, dims, values))
    }
    return name
  }

  integers(values: readonly number[]): string {
    const name = `${ownPrefix}blocked:integers:${values.join(',')}`
    if (!this.initializers.has(name))
      this.initializers.set(name, int64Tensor(name, [values.length], values))
    return name
  }

  /** Places along an axis, for Gather; made once per key. */
  indices(key: string, make: () => Int32Array): string {
    const name = `${ownPrefix}blocked:${key}:indices`
    if (!this.initializers.has(name)) {
      const places = make()
      const raw = new Uint8Array(places.buffer)
      this.initializers.set(name, { name, dims: [places.length], dataType: DataType.int32, raw })
    }
    return name
  }

  /** A node that another one has taken in. */
  absorb(node: Node): void {
    this.#done.add(node)
  }

  isAbsorbed(node: Node): boolean {
    return this.#done.has(node)
  }
}
