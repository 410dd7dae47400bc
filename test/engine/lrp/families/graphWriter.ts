import { float, int, ints, string } from '../../../../src/engine/onnx/attributes'
import { floatTensor } from '../../../../src/engine/onnx/elements'
import { DataType, type Attribute, type Node, type Tensor } from '../../../../src/engine/onnx/model'
import { writeModel } from '../../../../src/engine/onnx/write'

/** An attribute as one writes it: whole numbers are ints; `float(…)` where a float is meant. */
type Plain = number | string | readonly number[] | Attribute
export type Attributes = Readonly<Record<string, Plain>>

function attribute(value: Plain): Attribute {
  if (typeof value === 'number') return int(value)
  if (typeof value === 'string') return string(value)
  return 'kind' in value ? value : ints(value)
}

const sizeOf = (dims: readonly number[]): number =>
  dims.reduce((product, size) => product * size, 1)

/** Exact also where a number is not: “to the end” is the largest integer there is. */
export function integerTensor(
  name: string,
  dims: readonly number[],
  values: readonly (number | bigint)[],
): Tensor {
  const raw = new Uint8Array(BigInt64Array.from(values, BigInt).buffer)
  return { name, dims, dataType: DataType.int64, raw }
}

export const toTheEnd = 2n ** 63n - 1n

/** The file format that each operator set came with. */
function irVersionOf(opset: number): number {
  if (opset < 9) return 3
  if (opset < 11) return 4
  if (opset < 15) return opset < 12 ? 6 : 7
  if (opset < 20) return 8
  return opset < 21 ? 9 : opset < 23 ? 10 : 11
}

export interface WriterOptions {
  readonly opset: number
  readonly producer: string
  /** Version 3 lists the weights among the inputs; the operator set's own when absent. */
  readonly irVersion?: number
  /** With the batch, which null leaves open. */
  readonly inputDims: readonly (number | null)[]
}

/** Writes one ONNX file node by node; weights are random, and the same on every run. */
export class GraphWriter {
  readonly opset: number
  readonly input = 'input'
  readonly #options: WriterOptions
  readonly #nodes: Node[] = []
  readonly #tensors = new Map<string, Tensor>()
  #random = 0x9e3779b9

  constructor(options: WriterOptions) {
    this.opset = options.opset
    this.#options = options
  }

  /** Writes a node and returns the names of its outputs. */
  nodes(
    operator: string,
    inputs: readonly string[],
    attributes: Attributes = {},
    count = 1,
  ): readonly string[] {
    const name = `/${operator}_${this.#nodes.length}`
    const outputs = Array.from({ length: count }, (_, at) => `${name}_output_${at}`)
    const written = Object.entries(attributes).map(
      ([key, value]) => [key, attribute(value)] as const,
    )
    this.#nodes.push({ name, operator, domain: '', inputs, outputs, attributes: new Map(written) })
    return outputs
  }

  node(operator: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.nodes(operator, inputs, attributes)[0] ?? ''
  }

  /** Evenly distributed in −1…1 (mulberry32). */
  #uniform(): number {
    this.#random = (this.#random + 0x6d2b79f5) >>> 0
    let t = this.#random
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1
  }

  /** Weights that keep the variance over a layer with a ReLU behind it (He et al., 2015). */
  weights(dims: readonly number[], fanIn: number): string {
    return this.around(dims, 0, Math.sqrt(6 / fanIn))
  }

  /** Evenly distributed in centre ± radius. */
  around(dims: readonly number[], centre: number, radius: number): string {
    const values = Float32Array.from(
      { length: sizeOf(dims) },
      () => centre + radius * this.#uniform(),
    )
    return this.floats(dims, values)
  }

  floats(dims: readonly number[], values: Iterable<number>): string {
    const name = `weight_${this.#tensors.size}`
    this.#tensors.set(name, floatTensor(name, dims, Float32Array.from(values)))
    return name
  }

  /** An initializer of rank 1. */
  integers(values: readonly (number | bigint)[]): string {
    return this.#keep(integerTensor(`integers_${this.#tensors.size}`, [values.length], values))
  }

  /** An initializer of any shape. */
  indices(dims: readonly number[], values: readonly number[]): string {
    return this.#keep(integerTensor(`indices_${this.#tensors.size}`, dims, values))
  }

  #keep(tensor: Tensor): string {
    this.#tensors.set(tensor.name, tensor)
    return tensor.name
  }

  /** A Constant node that makes integers of rank 1. */
  constantIntegers(values: readonly (number | bigint)[]): string {
    return this.node('Constant', [], {
      value: { kind: 'tensor', value: integerTensor('', [values.length], values) },
    })
  }

  /** A Constant node that makes one integer of rank 0. */
  constantInteger(value: number): string {
    return this.node('Constant', [], {
      value: { kind: 'tensor', value: integerTensor('', [], [value]) },
    })
  }

  /** A Constant node that makes one number of rank 0. */
  constantFloat(value: number): string {
    return this.node('Constant', [], {
      value: { kind: 'tensor', value: floatTensor('', [], Float32Array.of(value)) },
    })
  }

  /** The file, with its one output. */
  finish(output: string, dims: readonly (number | null)[]): Uint8Array {
    const { opset, producer, inputDims } = this.#options
    const irVersion = this.#options.irVersion ?? irVersionOf(opset)
    const input = { name: this.input, dataType: DataType.float, dims: inputDims }
    // Before IR version 4 every initializer was an input as well, and the image not always the first.
    const weights =
      irVersion < 4
        ? [...this.#tensors.values()].map(({ name, dataType, dims: of }) => ({
            name,
            dataType,
            dims: of,
          }))
        : []
    return writeModel({
      irVersion,
      producer,
      opsets: new Map([['', opset]]),
      graph: {
        name: 'main_graph',
        nodes: this.#nodes,
        initializers: this.#tensors,
        inputs: [...weights, input],
        outputs: [{ name: output, dataType: DataType.float, dims }],
      },
    })
  }
}

export { float }
