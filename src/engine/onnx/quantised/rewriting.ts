import { float } from '../attributes'
import { floatTensor, packElements } from '../elements'
import { DataType, type Attribute, type Graph, type Node, type Tensor } from '../model'
import { ownPrefix } from '../names'
import {
  isPlain,
  notInRealNumbers,
  numbersOf,
  realRange,
  realValues,
  sameQuantisation,
  type Quantisation,
} from './quantisation'

/** Operators whose outputs lie in a known range, whatever they read. */
const ranges = new Map<string, readonly [number, number]>([
  ['Sigmoid', [0, 1]],
  ['HardSigmoid', [0, 1]],
  ['Softmax', [0, 1]],
  ['Tanh', [-1, 1]],
])
/** Operators whose outputs lie in the range of their first input. */
const keeping = new Set(['MaxPool', 'AveragePool', 'GlobalAveragePool', 'GlobalMaxPool', 'ReduceMean', 'Reshape', 'Transpose', 'Flatten', 'Squeeze', 'Unsqueeze', 'Slice', 'Identity', 'Softmax']) // prettier-ignore

/** A quantised graph while it is rewritten in real numbers: every value keeps its name. */
export class Rewriting {
  readonly nodes: Node[] = []
  /** The original's weights, and those made of them. */
  readonly initializers: Map<string, Tensor>
  /** The values that are whole numbers in the original, and what they stand for. */
  readonly quantised = new Map<string, Quantisation>()
  /** Whether whole numbers were rounded to anywhere: then the logits differ by that. */
  rounds = false
  readonly #ranges = new Map<string, readonly [number, number]>()
  readonly #fixed: Set<string>
  readonly #constants: Map<string, Tensor>

  constructor(
    graph: Graph,
    /** Of the standard operators. */
    readonly opset: number,
  ) {
    this.initializers = new Map(graph.initializers)
    this.#constants = new Map(graph.initializers)
    this.#fixed = new Set(graph.initializers.keys())
    for (const node of graph.nodes) {
      const value = node.operator === 'Constant' ? node.attributes.get('value') : undefined
      const [output = ''] = node.outputs
      if (value?.kind === 'tensor') this.#constants.set(output, { ...value.value, name: output })
      const given = node.inputs.filter((input) => input !== '')
      if (given.every((input) => this.#fixed.has(input)))
        for (const made of node.outputs) this.#fixed.add(made)
    }
  }

  /** Whether a value does not depend on the pixels. */
  isFixed(value: string): boolean {
    return this.#fixed.has(value)
  }

  /** Keeps a node as it is. */
  keep(node: Node): void {
    this.nodes.push(node)
    const [output = ''] = node.outputs
    const before = keeping.has(node.operator) ? this.#ranges.get(node.inputs[0] ?? '') : undefined
    const range = before ?? ranges.get(node.operator)
    if (range) this.#ranges.set(output, range)
    else if (node.operator === 'Relu') this.#ranges.set(output, [0, Infinity])
  }

  emit(
    like: Node,
    operator: string,
    inputs: readonly string[],
    output: string,
    attributes: ReadonlyMap<string, Attribute> = new Map(),
    part = '',
  ): string {
    const name = part === '' ? like.name : `${like.name}:${part}`
    this.keep({ name, operator, domain: '', inputs, outputs: [output], attributes })
    return output
  }

  /** A name for a value that the original does not have. */
  own(node: Node, part: string): string {
    return `${ownPrefix}real:${node.name}:${part}`
  }

  constant(node: Node, part: string, dims: readonly number[], values: Float32Array): string {
    const name = this.own(node, part)
    this.initializers.set(name, floatTensor(name, dims, values))
    return name
  }

  /** A constant that the file holds; null where other nodes compute it, or it is none. */
  tensor(value: string): Tensor | null {
    return this.#constants.get(value) ?? null
  }

  /** The numbers of a constant. @throws AppError where it is computed by other nodes. */
  numbers(node: Node, value: string, what: string): number[] {
    const tensor = this.tensor(value)
    if (tensor) return numbersOf(node, tensor)
    throw notInRealNumbers(node, `its ${what} is not a constant of the file`)
  }

  /** @throws AppError where the constant has more than one number. */
  number(node: Node, value: string, what: string): number {
    const [number = Number.NaN, ...more] = this.numbers(node, value, what)
    if (more.length === 0) return number
    throw notInRealNumbers(node, `it has more than one ${what}`)
  }

  /** One scale and zero point for all elements. */
  quantisation(node: Node, scale: string, zeroPoint: string): Quantisation {
    return {
      scale: this.number(node, scale, 'scale'),
      zeroPoint: zeroPoint === '' ? 0 : this.number(node, zeroPoint, 'zero point'),
      dataType: this.tensor(zeroPoint)?.dataType ?? DataType.uint8,
    }
  }

  /** The real numbers of an operand, activation or constant, that a node reads by the given scale. */
  real(node: Node, value: string, read: Quantisation): string {
    const written = this.quantised.get(value)
    if (written && sameQuantisation(written, read)) return value
    if (written && isPlain(written)) return this.#shifted(node, value, read)
    const constant = this.tensor(value)
    if (!written && constant) {
      const values = realValues(node, constant, [read.scale], [read.zeroPoint], 0)
      return this.constant(node, value, constant.dims, values)
    }
    if (!written && this.isFixed(value)) return this.#computed(node, value, read)
    throw notInRealNumbers(
      node,
      written
        ? 'it reads numbers by another scale than they were written with'
        : 'it reads whole numbers of which no scale is known',
    )
  }

  /** Whole numbers that other nodes make of constants. */
  #computed(node: Node, value: string, { scale, zeroPoint, dataType }: Quantisation): string {
    const step = this.constant(node, `scale of ${value}`, [], Float32Array.of(scale))
    const zero = this.own(node, `zero of ${value}`)
    const raw = packElements([zeroPoint], dataType)
    this.initializers.set(zero, { name: zero, dims: [], dataType, raw })
    const real = this.own(node, value)
    return this.emit(node, 'DequantizeLinear', [value, step, zero], real, new Map(), value)
  }

  /** (pixel − zeroPoint) · scale. */
  #shifted(node: Node, value: string, { scale, zeroPoint }: Quantisation): string {
    const one = (part: string, number: number): string =>
      this.constant(node, part, [], Float32Array.of(number))
    const centred = this.own(node, 'centred')
    const scaled = this.own(node, 'scaled')
    this.emit(node, 'Sub', [value, one('zero', zeroPoint)], centred, new Map(), 'centre')
    return this.emit(node, 'Mul', [centred, one('scale', scale)], scaled, new Map(), 'scale')
  }

  /** Constant weights as real numbers, with one scale for all or one for each index along `axis`. */
  weights(node: Node, value: string, scale: string, zeroPoint: string, axis: number): string {
    const tensor = this.tensor(value)
    if (!tensor || this.quantised.has(value))
      throw notInRealNumbers(node, 'its weights are not constants of the file')
    const scales = this.numbers(node, scale, 'scale')
    const zeros = zeroPoint === '' ? [0] : this.numbers(node, zeroPoint, 'zero point')
    const at = axis < 0 ? axis + tensor.dims.length : axis
    for (const { length } of [scales, zeros]) {
      if (length !== 1 && length !== tensor.dims[at])
        throw notInRealNumbers(node, `it has ${length} scales for ${tensor.dims[at] ?? 0} outputs`)
    }
    return this.constant(node, 'weights', tensor.dims, realValues(node, tensor, scales, zeros, at))
  }

  /**
   * The rounding of `x` to a quantised `output`, in real numbers: what lies outside the representable range
   * is cut off (so that a ReLU which the quantiser absorbed still acts), what lies inside is not rounded.
   * A cut of one step at most is rounding, too.
   * @param part empty where the node does nothing else.
   */
  rounded(node: Node, x: string, output: string, to: Quantisation, part = 'range'): void {
    this.rounds = true
    this.quantised.set(output, to)
    const [low, high] = realRange(to)
    const known = this.#ranges.get(x)
    if (known && known[0] >= low - to.scale && known[1] <= high + to.scale) {
      this.emit(node, 'Identity', [x], output, new Map(), part)
      return
    }
    this.keep({
      name: part === '' ? node.name : `${node.name}:${part}`,
      operator: 'Clip',
      domain: '',
      inputs: [x, ...(this.opset < 11 ? [] : this.#bounds(node, low, high))],
      outputs: [output],
      attributes: new Map(
        this.opset < 11 ? [['min', float(low)], ['max', float(high)]] : [], // prettier-ignore
      ),
      isRange: true,
    })
    this.#ranges.set(output, [low, high])
  }

  #bounds(node: Node, low: number, high: number): string[] {
    return [
      this.constant(node, 'lowest', [], Float32Array.of(low)),
      this.constant(node, 'highest', [], Float32Array.of(high)),
    ]
  }

  /** A node of the standard domain whose quantised output is cut off to its range. */
  operation(
    node: Node,
    operator: string,
    inputs: readonly string[],
    to: Quantisation,
    attributes: ReadonlyMap<string, Attribute> = new Map(),
  ): void {
    const [output = ''] = node.outputs
    const exact = this.own(node, 'exact')
    this.emit(node, operator, inputs, exact, attributes)
    this.rounded(node, exact, output, to)
  }
}

/** The attributes that the standard operator knows as well. */
export function attributesOf(node: Node, names: readonly string[]): Map<string, Attribute> {
  return new Map([...node.attributes].filter(([name]) => names.includes(name)))
}
