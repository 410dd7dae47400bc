import { float, int, ints } from '../../engine/onnx/attributes'
import { floatsOf, floatTensor } from '../../engine/onnx/elements'
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

  conv(x: string, inputs: number, outputs: number, kernel: number, stride = 1, group = 1): string {
    const id = `conv${this.#nodes.length}`
    const pad = Math.floor(kernel / 2)
    const perGroup = inputs / group
    const fanIn = perGroup * kernel ** 2
    const weight = this.#random(`${id}.w`, [outputs, perGroup, kernel, kernel], fanIn)
    const bias = this.#random(`${id}.b`, [outputs], 600)
    return this.#node('Conv', [x, weight, bias], {
      kernel_shape: ints([kernel, kernel]),
      strides: ints([stride, stride]),
      pads: ints([pad, pad, pad, pad]),
      group: int(group),
    })
  }

  /** Scale and variance near 1, shift and mean near 0. */
  batchNormalization(x: string, channels: number): string {
    const id = `bn${this.#nodes.length}`
    const near = (name: string, centre: number): string => {
      const weight = this.#random(`${id}.${name}`, [channels], 600)
      const tensor = this.#weights.get(weight)
      if (tensor) {
        const values = floatsOf(tensor).map((value) => value + centre)
        this.#weights.set(weight, floatTensor(weight, [channels], values))
      }
      return weight
    }
    const parameters = [near('scale', 1), near('shift', 0), near('mean', 0), near('variance', 1)]
    return this.#node('BatchNormalization', [x, ...parameters], { epsilon: float(1e-5) })
  }

  concat(a: string, b: string): string {
    return this.#node('Concat', [a, b], { axis: int(1) })
  }

  averagePool(x: string, kernel: number): string {
    return this.#node('AveragePool', [x], {
      kernel_shape: ints([kernel, kernel]),
      strides: ints([kernel, kernel]),
    })
  }

  /** Clip to 0…6. */
  relu6(x: string): string {
    const [low, high] = [this.#constant('zero', 0), this.#constant('six', 6)]
    return this.#node('Clip', [x, low, high], {})
  }

  #constant(name: string, value: number): string {
    if (!this.#weights.has(name))
      this.#weights.set(name, floatTensor(name, [], Float32Array.of(value)))
    return name
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
