import { int } from '../../../onnx/attributes'
import { floatsOf } from '../../../onnx/elements'
import type { Node } from '../../../onnx/model'
import { sizeOf } from '../../network'
import type { NodeWriter } from '../nodeWriter'
import { labels, readEquation } from './einsumEquation'
import type { Expansion } from './expansion'

function refuse(node: Node): string | null {
  const equation = readEquation(node)
  if (!equation) return 'its equation is not understood'
  const { terms, result } = equation
  return [...terms, result].some((term) => new Set(term).size < term.length)
    ? 'a label is repeated in one operand'
    : null
}

function isContraction(node: Node): boolean {
  const equation = readEquation(node)
  const [first = [], second = []] = equation?.terms ?? []
  return first.some((label) => second.includes(label) && !equation?.result.includes(label))
}

/**
 * Einsum of one or two operands as the matrix product that it is: both operands as [shared, own, summed],
 * by Transpose and Reshape; a product number by number where nothing is summed. What is summed in one operand alone
 * is summed before. Of more operands `inPairs` has made several of two.
 */
export const einsum: Expansion = {
  names: ['Einsum'],
  kind: 'rule',
  detail: 'half to each of two activations',
  refuse,
  isLinear: (node, facts) =>
    isContraction(node) && node.inputs.filter((value) => facts.isConstant(value)).length === 1,
  expand: (node, w) => {
    const equation = readEquation(node)
    if (!equation) throw new Error(`${node.name} has no equation`)
    const rank = w.shape(node.outputs[0] ?? '').length
    const result = labels(equation.result, rank)
    const whole = node.inputs.map((value, at) => ({
      value,
      labels: labels(equation.terms[at] ?? [], w.shape(value).length),
    }))
    const operands = whole.map((operand, at) => {
      const other = whole[1 - at]
      const kept = withoutLost(w, operand, [...result, ...(other?.labels ?? [])])
      return other ? withoutRepeated(w, kept, other, result) : kept
    })
    // Weights come second, as in a dense layer.
    const [a, b] = w.constantOf(operands[0]?.value ?? '') ? operands.toReversed() : operands
    if (!a) throw new Error(`${node.name} has no operands`)
    if (!b) return w.finish(arranged(w, a, result))
    const summed = a.labels.filter((label) => b.labels.includes(label) && !result.includes(label))
    if (summed.length === 0) {
      return w.finish(w.op('Mul', [arranged(w, a, result), arranged(w, b, result)]))
    }
    return w.finish(contracted(w, { a, b, summed, result }))
  },
}

interface Operand {
  readonly value: string
  readonly labels: readonly string[]
}

/** An operand summed over the axes whose labels nobody else knows. */
function withoutLost(w: NodeWriter, operand: Operand, known: readonly string[]): Operand {
  const lost = operand.labels.flatMap((label, axis) => (known.includes(label) ? [] : [axis]))
  if (lost.length === 0) return operand
  const kept = operand.labels.filter((label) => known.includes(label))
  const moved = arranged(w, operand, [...kept, ...lost.map((axis) => operand.labels[axis] ?? '')])
  const shape = w.shape(moved).slice(0, kept.length)
  return { value: summedUp(w, moved, shape), labels: kept }
}

/**
 * An operand summed over what is summed up together with another that has one element there: Σ aᵢ b = (Σ aᵢ) b. The
 * axis stays, with one element.
 */
function withoutRepeated(
  w: NodeWriter,
  operand: Operand,
  other: Operand,
  result: readonly string[],
): Operand {
  const sizes = w.shape(operand.value)
  const isOne = (label: string): boolean => w.shape(other.value)[other.labels.indexOf(label)] === 1
  const kept = operand.labels.filter(
    (label, axis) => result.includes(label) || sizes[axis] === 1 || !isOne(label),
  )
  if (kept.length === operand.labels.length) return operand
  const value = arranged(w, withoutLost(w, operand, kept), operand.labels)
  return { value, labels: operand.labels }
}

/** The sum over all axes behind those of a shape; that of a constant is made at once. */
function summedUp(w: NodeWriter, value: string, shape: readonly number[]): string {
  const constant = w.constantOf(value)
  if (!constant) {
    const axes = w.shape(value).flatMap((_, axis) => (axis < shape.length ? [] : [axis]))
    return w.op('ReduceSum', [value, w.integers(axes)], { keepdims: int(0) }, shape)
  }
  const numbers = floatsOf(constant)
  const each = numbers.length / sizeOf(shape)
  const sums = Float32Array.from({ length: sizeOf(shape) }, (_, at) =>
    numbers.subarray(at * each, (at + 1) * each).reduce((total, number) => total + number, 0),
  )
  return w.floats(`${value} summed`, shape, sums)
}

/** An operand's axes in the order of some labels; those that it lacks have one element. */
function arranged(
  w: NodeWriter,
  { value, labels: own }: Operand,
  order: readonly string[],
): string {
  const there = order.filter((label) => own.includes(label))
  const sizes = w.shape(value)
  const moved = w.transpose(
    value,
    there.map((label) => own.indexOf(label)),
  )
  return w.reshape(
    moved,
    order.map((label) => (own.includes(label) ? (sizes[own.indexOf(label)] ?? 1) : 1)),
  )
}

interface Contraction {
  readonly a: Operand
  readonly b: Operand
  readonly summed: readonly string[]
  readonly result: readonly string[]
}

function contracted(w: NodeWriter, { a, b, summed, result }: Contraction): string {
  const shared = result.filter((label) => a.labels.includes(label) && b.labels.includes(label))
  const ownOf = (one: Operand): string[] => one.labels.filter((label) => ![...shared, ...summed].includes(label)) // prettier-ignore
  const sizeIn = (one: Operand, label: string): number => w.shape(one.value)[one.labels.indexOf(label)] ?? 1 // prettier-ignore
  const matrix = (one: Operand, rows: readonly string[], columns: readonly string[]): string => {
    const sizes = (of: readonly string[]): number[] => of.map((label) => sizeIn(one, label))
    const flat = arranged(w, one, [...shared, ...rows, ...columns])
    return w.reshape(flat, [...sizes(shared), sizeOf(sizes(rows)), sizeOf(sizes(columns))])
  }
  const [ownA, ownB] = [ownOf(a), ownOf(b)]
  const product = w.matMul(matrix(a, ownA, summed), matrix(b, summed, ownB))
  w.bearName()
  const apart = w.reshape(product, [
    ...w.shape(product).slice(0, -2),
    ...ownA.map((label) => sizeIn(a, label)),
    ...ownB.map((label) => sizeIn(b, label)),
  ])
  const now = [...shared, ...ownA, ...ownB]
  return w.transpose(
    apart,
    result.map((label) => now.indexOf(label)),
  )
}
