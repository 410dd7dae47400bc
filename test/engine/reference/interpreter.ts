import type { Model, Node } from '../../../src/engine/onnx/model'
import { ndArrayOf, type NdArray } from './ndArray'
import { operatorOf } from './table'

export type Values = ReadonlyMap<string, NdArray>

/** Changes what a node put out, before anybody reads it. */
export type Change = (value: NdArray, node: Node) => NdArray

/**
 * A second judge: runs a graph node by node in double precision, each operator as the ONNX operator
 * specification has it. Slow, and blind to how the compiler and ONNX Runtime work.
 */
export class Interpreter {
  readonly #opset: number
  /** Initializers and what nodes make of nothing else. */
  readonly #constants = new Map<string, NdArray>()
  readonly #nodes: Node[] = []

  /** @param model nodes sorted, as `readModel` gives them. */
  constructor({ graph, opsets }: Model) {
    this.#opset = opsets.get('') ?? 0
    for (const [name, tensor] of graph.initializers) this.#constants.set(name, ndArrayOf(tensor))
    for (const node of graph.nodes) {
      if (node.inputs.every((name) => name === '' || this.#constants.has(name)))
        this.#run(node, this.#constants)
      else this.#nodes.push(node)
    }
  }

  /**
   * @param feeds the graph's inputs by name.
   * @returns every value of the graph by name.
   */
  run(feeds: Values, change?: Change): Values {
    const values = new Map([...this.#constants, ...feeds])
    for (const node of this.#nodes) this.#run(node, values, change)
    return values
  }

  #run(node: Node, values: Map<string, NdArray>, change?: Change): void {
    const inputs = node.inputs.map((name) => {
      if (name === '') return null
      const value = values.get(name)
      if (value) return value
      throw new Error(`${node.name} (${node.operator}) reads ${name}, which is not there`)
    })
    const made = operatorOf(node)({ node, inputs, opset: this.#opset })
    const outputs = 'dims' in made ? [made] : made
    for (const [at, name] of node.outputs.entries()) {
      const value = outputs[at]
      if (name === '') continue
      if (!value) throw new Error(`${node.name} (${node.operator}) has no output ${at}`)
      values.set(name, change ? change(value, node) : value)
    }
  }
}

/** The value of a name; throws where there is none. */
export function valueIn(values: Values, name: string): NdArray {
  const value = values.get(name)
  if (value) return value
  throw new Error(`there is no value ${name}`)
}
