import { intOf } from '../attributes'
import { floatTensor } from '../elements'
import type { Node, Tensor } from '../model'
import { isFloat } from '../valueTypes'
import { notInRealNumbers, numbersOf, realValues } from './quantisation'
import type { Rewriting } from './rewriting'

/** A float input quantised by its own range: whole numbers y, their scale and zero point. */
interface DynamicInput {
  readonly x: string
  readonly scale: string
  readonly zeroPoint: string
}

/** The whole sums of ConvInteger or MatMulInteger; times the scale of x they are real. */
interface Sums {
  readonly node: Node
  readonly x: string
  /** A value of the graph, or a number. */
  readonly scale: string | number
  /** What the sums were multiplied with so far. */
  readonly factor: Tensor | null
  readonly bias?: Bias
}

/** A dynamic scale times a constant. */
interface Scale {
  readonly of: string
  readonly factor: Tensor | null
}

/** A real bias that was divided by the sums' scale, and rounded, to be added to them. */
interface Bias {
  readonly real: Tensor
  readonly over: Scale
}

/**
 * Integer sums and the products behind them that make them real numbers again:
 * `Cast(ConvInteger(y, w)) · (y_scale · w_scale)` is `Conv(x, (w − zero point) · w_scale)`, where x is what
 * was quantised to y, by its own range (DynamicQuantizeLinear, whose scale depends on the image) or by a
 * constant one. A bias that joins the sums as `Cast(Floor(b / (y_scale · w_scale)))` is `b`.
 */
export class DynamicQuantisation {
  readonly #to: Rewriting
  readonly #inputs = new Map<string, DynamicInput>()
  readonly #sums = new Map<string, Sums>()
  readonly #scales = new Map<string, Scale>()
  readonly #biases = new Map<string, Bias>()

  constructor(to: Rewriting) {
    this.#to = to
  }

  /** @returns whether the node was taken care of. @throws AppError naming the node where it cannot be. */
  take(node: Node): boolean {
    const [first = '', second = ''] = node.inputs
    const [output = ''] = node.outputs
    switch (node.operator) {
      case 'DynamicQuantizeLinear': {
        const [y = '', scale = '', zeroPoint = ''] = node.outputs
        this.#inputs.set(y, { x: first, scale, zeroPoint })
        this.#scales.set(scale, { of: scale, factor: null })
        this.#to.rounds = true
        return true
      }
      case 'ConvInteger':
      case 'MatMulInteger':
        this.#sums.set(output, { node, ...this.#operand(node), factor: null })
        return true
      case 'Div': {
        const [real, over] = [this.#to.tensor(first), this.#scales.get(second)]
        if (!real || !over) break
        this.#biases.set(output, { real, over })
        return true
      }
      case 'Floor':
      case 'Round':
      case 'Reshape': {
        const bias = this.#biases.get(first)
        if (!bias) break
        this.#biases.set(output, bias)
        return true
      }
      case 'Add':
        if (this.#addBias(output, first, second) || this.#addBias(output, second, first))
          return true
        break
      case 'Cast': {
        const bias = this.#biases.get(first)
        if (bias) {
          this.#biases.set(output, bias)
          return true
        }
        const sums = this.#sums.get(first)
        if (!sums || !isFloat(intOf(node, 'to', 0))) break
        this.#sums.set(output, sums)
        return true
      }
      case 'Mul':
        if (this.#multiply(node, first, second) || this.#multiply(node, second, first)) return true
        break
      default:
    }
    const read = node.inputs.find((input) => this.#isWhole(input))
    if (read !== undefined)
      throw notInRealNumbers(
        node,
        'it reads whole numbers or their scale in a way that is not known',
      )
    return false
  }

  #isWhole(value: string): boolean {
    return [this.#inputs, this.#sums, this.#scales, this.#biases].some((known) => known.has(value))
  }

  /** Whether the first are sums that nothing was done to yet, and the other a bias for them. */
  #addBias(output: string, value: string, other: string): boolean {
    const [sums, bias] = [this.#sums.get(value), this.#biases.get(other)]
    if (!sums || sums.factor || sums.bias || bias?.over.of !== sums.scale) return false
    this.#sums.set(output, { ...sums, bias })
    return true
  }

  #operand(node: Node): { x: string; scale: string | number } {
    const [a = '', , aZero = ''] = node.inputs
    const dynamic = this.#inputs.get(a)
    if (dynamic) {
      if (dynamic.zeroPoint !== aZero)
        throw notInRealNumbers(node, 'its zero point is not the one of its input')
      return { x: dynamic.x, scale: dynamic.scale }
    }
    const written = this.#to.quantised.get(a)
    if (!written) throw notInRealNumbers(node, 'it reads whole numbers of which no scale is known')
    const zeroPoint = aZero === '' ? 0 : this.#to.number(node, aZero, 'zero point')
    const x = this.#to.real(node, a, { ...written, zeroPoint })
    return { x, scale: written.scale }
  }

  /** `value` · `other`, in this order; whether that is one of the known products. */
  #multiply(node: Node, value: string, other: string): boolean {
    const [output = ''] = node.outputs
    const constant = this.#to.tensor(other)
    const scale = this.#scales.get(value)
    if (scale && constant) {
      this.#scales.set(output, { ...scale, factor: product(node, scale.factor, constant) })
      return true
    }
    const sums = this.#sums.get(value)
    if (!sums) return false
    const by = this.#scales.get(other)
    if (by && by.of === sums.scale) {
      this.#emit(sums, output, product(node, sums.factor, by.factor), 1)
      return true
    }
    if (!constant) return false
    const factor = product(node, sums.factor, constant)
    if (typeof sums.scale === 'number') this.#emit(sums, output, factor, 1 / sums.scale)
    else this.#sums.set(output, { ...sums, factor })
    return true
  }

  #emit({ node, x, bias }: Sums, output: string, factor: Tensor | null, over: number): void {
    const [, weightName = '', , zeroName = ''] = node.inputs
    const whole = this.#to.tensor(weightName)
    if (!whole) throw notInRealNumbers(node, 'its weights are not constants of the file')
    const axis = node.operator === 'ConvInteger' ? 0 : whole.dims.length - 1
    const fromEnd = node.operator === 'ConvInteger' ? whole.dims.length - 1 : 1
    const size = whole.dims[axis] ?? 1
    const zeros = zeroName === '' ? [0] : this.#to.numbers(node, zeroName, 'zero point')
    if (zeros.length !== 1 && zeros.length !== size)
      throw notInRealNumbers(node, `it has ${zeros.length} zero points for ${size} outputs`)
    const factors = factor ? perOutput(node, factor, size, fromEnd) : [1]
    const values = realValues(node, whole, factors.map((value) => value * over), zeros, axis) // prettier-ignore
    const weights = this.#to.constant(node, `weights of ${output}`, whole.dims, values)
    const biases = bias ? [this.#bias(node, bias, factors, size)] : []
    if (node.operator === 'ConvInteger') {
      this.#to.emit(node, 'Conv', [x, weights, ...biases], output, node.attributes)
      return
    }
    const sums = bias ? this.#to.own(node, 'sums') : output
    this.#to.emit(node, 'MatMul', [x, weights], sums)
    if (bias) this.#to.emit(node, 'Add', [sums, ...biases], output, new Map(), 'bias')
  }

  /** b / (scale · f), multiplied with scale · g as the sums are: b where f = g. */
  #bias(node: Node, { real, over }: Bias, factors: readonly number[], size: number): string {
    const values = numbersOf(node, real)
    const divisors = over.factor ? numbersOf(node, over.factor) : [1]
    if (values.length !== size || (divisors.length !== 1 && divisors.length !== size))
      throw notInRealNumbers(node, `its bias is not one number for each of ${size} outputs`)
    const biases = values.map((value, at) => (value * pick(factors, at)) / pick(divisors, at))
    return this.#to.constant(node, 'bias', [size], Float32Array.from(biases))
  }
}

/**
 * A factor of the sums as one number, or one for each output.
 * @param fromEnd where the outputs' axis lies in the sums, counted from the end, 1 for the last.
 */
function perOutput(node: Node, factor: Tensor, size: number, fromEnd: number): number[] {
  const values = numbersOf(node, factor)
  if (values.length === 1) return values
  if (values.length === size && factor.dims.at(-fromEnd) === size) return values
  throw notInRealNumbers(node, 'what its sums are multiplied with is not one number per output')
}

/** One number for all, or one for each. */
function pick(values: readonly number[], at: number): number {
  return values[values.length === 1 ? 0 : at] ?? Number.NaN
}

/** The product of two factors, of which one may be a single number. */
function product(node: Node, a: Tensor | null, b: Tensor | null): Tensor | null {
  if (!a || !b) return a ?? b
  const [left, right] = [numbersOf(node, a), numbersOf(node, b)]
  if (left.length !== 1 && right.length !== 1 && left.length !== right.length)
    throw notInRealNumbers(node, 'its scales do not fit together')
  const [wide, shape] = left.length >= right.length ? [left, a.dims] : [right, b.dims]
  const values = Float32Array.from(wide, (_, at) => pick(left, at) * pick(right, at))
  return floatTensor('', shape, values)
}
