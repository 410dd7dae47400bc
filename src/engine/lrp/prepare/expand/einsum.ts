import { AppError } from '../../../../shared/errors'
import { int, stringOf } from '../../../onnx/attributes'
import { floatsOf } from '../../../onnx/elements'
import type { Node } from '../../../onnx/model'
import { sizeOf } from '../../network'
import type { NodeWriter } from '../nodeWriter'
import type { Expansion } from './expansion'

/** An equation of two terms, `…ab,…bc->…ac`; each axis has a letter, or is one of those that … stands for. */
interface Equation {
  readonly terms: readonly (readonly string[])[]
  readonly result: readonly string[]
}

const ellipsis = '…'

/** Letters of each term, … as one; null for what is no equation. */
function read(node: Node): Equation | null {
  const text = stringOf(node, 'equation', '').replaceAll(/\s/g, '').replaceAll('...', ellipsis)
  const [left = '', right, more] = text.split('->')
  const terms = left.split(',').map((term) => [...term])
  if (more !== undefined || terms.length !== node.inputs.length) return null
  const letters = terms.flat()
  // Without an arrow: … and what occurs once, in the order of the alphabet.
  const once = [...new Set(letters)].filter((letter) => letters.filter((l) => l === letter).length === 1) // prettier-ignore
  const implied = [
    ...(letters.includes(ellipsis) ? [ellipsis] : []),
    ...once.filter((letter) => letter !== ellipsis).toSorted(),
  ]
  return { terms, result: right === undefined ? implied : [...right] }
}

function refuse(node: Node): string | null {
  const equation = read(node)
  if (!equation) return 'its equation is not understood'
  const { terms, result } = equation
  if (terms.length > 2) return 'it has more than two operands'
  return [...terms, result].some((term) => new Set(term).size < term.length)
    ? 'a label is repeated in one operand'
    : null
}

/** Every axis by a label of its own: those that … stands for, counted from the last. */
function labels(term: readonly string[], rank: number): string[] {
  const hidden = rank - (term.length - 1)
  return term.flatMap((label) =>
    label === ellipsis
      ? Array.from({ length: hidden }, (_, at) => `${ellipsis}${hidden - 1 - at}`)
      : [label],
  )
}

function isContraction(node: Node): boolean {
  const equation = read(node)
  const [first = [], second = []] = equation?.terms ?? []
  return first.some((label) => second.includes(label) && !equation?.result.includes(label))
}

/**
 * Einsum of one or two operands as the matrix product that it is: both operands as [shared, own, summed],
 * by Transpose and Reshape; a product number by number where nothing is summed. What is summed in one operand alone
 * is summed before.
 */
export const einsum: Expansion = {
  names: ['Einsum'],
  kind: 'rule',
  detail: 'half to each of two activations',
  refuse,
  isLinear: (node, facts) =>
    isContraction(node) && node.inputs.filter((value) => facts.isConstant(value)).length === 1,
  expand: (node, w) => {
    const equation = read(node)
    if (!equation) throw new Error(`${node.name} has no equation`)
    const rank = w.shape(node.outputs[0] ?? '').length
    const result = labels(equation.result, rank)
    const whole = node.inputs.map((value, at) => ({
      value,
      labels: labels(equation.terms[at] ?? [], w.shape(value).length),
    }))
    const operands = whole.map((operand, at) => withoutLost(w, operand, [...result, ...(whole[1 - at]?.labels ?? [])])) // prettier-ignore
    // Weights come second, as in a dense layer.
    const [a, b] = w.constantOf(operands[0]?.value ?? '') ? operands.toReversed() : operands
    if (!a) throw new Error(`${node.name} has no operands`)
    if (!b) return w.finish(arranged(w, a, result))
    const summed = a.labels.filter((label) => b.labels.includes(label) && !result.includes(label))
    if (summed.length === 0) {
      return w.finish(w.op('Mul', [arranged(w, a, result), arranged(w, b, result)]))
    }
    return w.finish(contracted(node, w, { a, b, summed, result }))
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

function contracted(node: Node, w: NodeWriter, { a, b, summed, result }: Contraction): string {
  const shared = result.filter((label) => a.labels.includes(label) && b.labels.includes(label))
  const ownOf = (one: Operand): string[] => one.labels.filter((label) => ![...shared, ...summed].includes(label)) // prettier-ignore
  const sizeIn = (one: Operand, label: string): number => w.shape(one.value)[one.labels.indexOf(label)] ?? 1 // prettier-ignore
  if (summed.some((label) => sizeIn(a, label) !== sizeIn(b, label))) {
    throw new AppError(
      'unsupported-operator',
      `Node “${node.name}” (Einsum) repeats an operand along an axis that it sums over, for which there is no rule.`,
      'Export the model with operands of equal sizes.',
    )
  }
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
