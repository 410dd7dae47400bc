import { floatTensor, int64Tensor } from '../../../../src/engine/onnx/elements'
import {
  DataType,
  type Model,
  type Node,
  type Tensor,
  type Value,
} from '../../../../src/engine/onnx/model'
import { noise } from '../../lrp/support/smallNetwork'
import { attributesOf, type PlainAttributes } from '../../reference/plainAttributes'
import { sizeOf } from '../../reference/ndArray'

interface Convolution extends PlainAttributes {
  readonly kernel_shape?: readonly number[]
}

/** A graph out of a few nodes, written one after another; every value keeps the name it was given first. */
export class SmallGraph {
  readonly nodes: Node[] = []
  readonly #tensors = new Map<string, Tensor>()
  readonly #inputs: Value[] = []

  input(...dims: readonly number[]): string {
    const name = `input${this.#inputs.length}`
    this.#inputs.push({ name, dataType: DataType.float, dims })
    return name
  }

  /** Random constants in −scale … scale. */
  weights(dims: readonly number[], scale = 1): string {
    return this.floats(
      dims,
      noise(this.#tensors.size + 1, sizeOf(dims)).map((v) => scale * v),
    )
  }

  floats(dims: readonly number[], values: Iterable<number>): string {
    const name = `constant${this.#tensors.size}`
    return this.#add(floatTensor(name, dims, Float32Array.from(values)))
  }

  integers(...values: readonly number[]): string {
    return this.#add(int64Tensor(`constant${this.#tensors.size}`, [values.length], values))
  }

  integerTable(dims: readonly number[], values: readonly number[]): string {
    return this.#add(int64Tensor(`constant${this.#tensors.size}`, dims, values))
  }

  truths(dims: readonly number[], values: Iterable<number>): string {
    const name = `constant${this.#tensors.size}`
    return this.#add({ name, dims, dataType: DataType.bool, raw: Uint8Array.from(values) })
  }

  #add(tensor: Tensor): string {
    this.#tensors.set(tensor.name, tensor)
    return tensor.name
  }

  node(operator: string, inputs: readonly string[], attributes: PlainAttributes = {}): string {
    return this.nodesOf(operator, inputs, attributes, 1)[0] ?? ''
  }

  /** A node with several outputs. */
  nodesOf(
    operator: string,
    inputs: readonly string[],
    attributes: PlainAttributes,
    count: number,
  ): string[] {
    const name = `${operator}${this.nodes.length}`
    const outputs = Array.from({ length: count }, (_, at) => `${name}_${at}`)
    this.nodes.push({ name, operator, domain: '', inputs, outputs, attributes: attributesOf(attributes) }) // prettier-ignore
    return outputs
  }

  /** 3 × 3 with pads of 1 and a bias, unless told otherwise. @param from input channels of a group. */
  conv(x: string, from: number, to: number, attributes: Convolution = {}, biased = true): string {
    const kernel = attributes.kernel_shape ?? [3, 3]
    const weights = this.weights([to, from, ...kernel], 1 / Math.sqrt(from))
    const inputs = biased ? [x, weights, this.weights([to], 0.5)] : [x, weights]
    const pads = kernel.every((size) => size === 3) ? { pads: [1, 1, 1, 1] } : {}
    return this.node('Conv', inputs, { ...pads, ...attributes })
  }

  /** The graph with some of its values as outputs. */
  model(outputs: readonly string[]): Model {
    return {
      irVersion: 8,
      producer: 'test',
      opsets: new Map([['', 17]]),
      graph: {
        name: 'small',
        nodes: this.nodes,
        initializers: this.#tensors,
        inputs: this.#inputs,
        // ONNX Runtime finds their types and shapes.
        outputs: outputs.map((name) => ({ name, dataType: 0, dims: [] })),
      },
    }
  }
}
