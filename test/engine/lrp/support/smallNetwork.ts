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

  /** An operator outside the standard domain is named with its domain, `com.microsoft.FastGelu`. */
  node(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    name = `${operator}_${this.#nodes.length}`,
    outputs: readonly string[] = [`${name}_out`],
  ): string {
    const dot = operator.lastIndexOf('.')
    this.#nodes.push({
      name,
      operator: operator.slice(dot + 1),
      domain: operator.slice(0, Math.max(0, dot)),
      inputs,
      outputs,
      attributes: new Map(Object.entries(attributes)),
    })
    return outputs[0] ?? ''
  }

  constant(tensor: Tensor): string {
    this.#tensors.set(tensor.name, tensor)
    return tensor.name
  }

  finish(output: string): Uint8Array {
    return writeModel({
      irVersion: 8,
      producer: 'test',
      opsets: new Map([
        ['', this.#opset],
        ...this.#nodes.flatMap(({ domain }) => (domain === '' ? [] : [[domain, 1] as const])),
      ]),
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
