import { float, int, ints } from '../../engine/onnx/attributes'
import { floatTensor } from '../../engine/onnx/elements'
import { DataType, type Attribute, type Node, type Tensor } from '../../engine/onnx/model'
import { writeModel } from '../../engine/onnx/write'

/** Writes feed-forward networks with random weights, for benchmarks. */
export class NetworkWriter {
  readonly #nodes: Node[] = []
  readonly #weights = new Map<string, Tensor>()
  #state = 1

  #node(operator: string, inputs: string[], attributes: Record<string, Attribute>): string {
    const output = `${operator}${this.#nodes.length}`
    this.#nodes.push({
      name: output,
      operator,
      domain: '',
      inputs,
      outputs: [output],
      attributes: new Map(Object.entries(attributes)),
    })
    return output
  }

  /** Uniform with the variance of He et al. 2015 (2 / fan-in); the same on every machine. */
  #random(name: string, dims: readonly number[], fanIn: number): string {
    const values = new Float32Array(dims.reduce((product, size) => product * size, 1))
    const bound = Math.sqrt(6 / fanIn)
    for (let at = 0; at < values.length; at++) {
      // Numerical Recipes' 32-bit linear congruential generator: quality does not matter here.
      this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0
      values[at] = (this.#state / 2 ** 31 - 1) * bound
    }
    this.#weights.set(name, floatTensor(name, dims, values))
    return name
  }

  conv(x: string, inputs: number, outputs: number, kernel: number, stride = 1): string {
    const id = `conv${this.#nodes.length}`
    const pad = Math.floor(kernel / 2)
    const weight = this.#random(`${id}.w`, [outputs, inputs, kernel, kernel], inputs * kernel ** 2)
    const bias = this.#random(`${id}.b`, [outputs], 600)
    return this.#node('Conv', [x, weight, bias], {
      kernel_shape: ints([kernel, kernel]),
      strides: ints([stride, stride]),
      pads: ints([pad, pad, pad, pad]),
    })
  }

  dense(x: string, inputs: number, outputs: number): string {
    const id = `dense${this.#nodes.length}`
    const weight = this.#random(`${id}.w`, [outputs, inputs], inputs)
    const bias = this.#random(`${id}.b`, [outputs], 600)
    return this.#node('Gemm', [x, weight, bias], { transB: int(1), alpha: float(1) })
  }

  relu(x: string): string {
    return this.#node('Relu', [x], {})
  }

  add(a: string, b: string): string {
    return this.#node('Add', [a, b], {})
  }

  maxPool(x: string, kernel: number, stride: number, pad: number): string {
    return this.#node('MaxPool', [x], {
      kernel_shape: ints([kernel, kernel]),
      strides: ints([stride, stride]),
      pads: ints([pad, pad, pad, pad]),
    })
  }

  globalAveragePool(x: string): string {
    return this.#node('GlobalAveragePool', [x], {})
  }

  flatten(x: string): string {
    return this.#node('Flatten', [x], {})
  }

  /** The ONNX file with the input `input` of [N, 3, size, size]. */
  finish(logits: string, size: number): Uint8Array {
    return writeModel({
      irVersion: 8,
      producer: 'pixelwise-benchmark',
      opsets: new Map([['', 17]]),
      graph: {
        name: 'benchmark',
        nodes: this.#nodes,
        initializers: this.#weights,
        inputs: [{ name: 'input', dataType: DataType.float, dims: [null, 3, size, size] }],
        outputs: [{ name: logits, dataType: DataType.float, dims: [null, 1000] }],
      },
    })
  }
}
