import { floatTensor, int64Tensor } from '../../../../src/engine/onnx/elements'
import { DataType, type Attribute, type Node, type Tensor } from '../../../../src/engine/onnx/model'
import { writeModel } from '../../../../src/engine/onnx/write'

/** Pseudo-random numbers in −1…1, the same on every run. */
export function noise(seed: number, count: number): Float32Array {
  let state = seed * 2654435761
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  })
}

/** Writes small ONNX files by hand, one node a line. */
export class SmallNetwork {
  readonly #nodes: Node[] = []
  readonly #tensors = new Map<string, Tensor>()
  readonly #inputShape: readonly (number | null)[]
  readonly #opset: number

  constructor(sampleShape: readonly number[], opset = 17) {
    this.#inputShape = [null, ...sampleShape]
    this.#opset = opset
  }

  weights(name: string, dims: readonly number[], scale = 1): string {
    const count = dims.reduce((product, size) => product * size, 1)
    const values = noise(this.#tensors.size + 1, count).map((value) => value * scale)
    return this.floats(name, dims, values)
  }

  floats(name: string, dims: readonly number[], values: Iterable<number>): string {
    this.#tensors.set(name, floatTensor(name, dims, Float32Array.from(values)))
    return name
  }

  integers(name: string, values: readonly number[]): string {
    this.#tensors.set(name, int64Tensor(name, [values.length], values))
    return name
  }

  node(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    name = `${operator}_${this.#nodes.length}`,
  ): string {
    this.#nodes.push({
      name,
      operator,
      domain: '',
      inputs,
      outputs: [`${name}_out`],
      attributes: new Map(Object.entries(attributes)),
    })
    return `${name}_out`
  }

  finish(output: string): Uint8Array {
    return writeModel({
      irVersion: 8,
      producer: 'test',
      opsets: new Map([['', this.#opset]]),
      graph: {
        name: 'small',
        nodes: this.#nodes,
        initializers: this.#tensors,
        inputs: [{ name: 'input', dataType: DataType.float, dims: this.#inputShape }],
        outputs: [{ name: output, dataType: DataType.float, dims: [] }],
      },
    })
  }
}
