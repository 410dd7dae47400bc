import type { NetworkNode } from '../../network'
import { madeBy, regionOf, reshaping, type Region, type Workspace } from './regions'
import { softmaxBefore, sumOfExponentials, unshifted } from './softmax'

/** What makes probabilities, or their logarithms, of logits. */
export interface FinalActivation {
  readonly name: 'Softmax' | 'LogSoftmax' | 'Sigmoid'
  /** From the logits to the node that it was looked for at. */
  readonly region: Region
  readonly isWrittenOut: boolean
}

/** The number that a constant holds at every place; null where it is not known, or is not one. */
type NumberOf = (value: string) => number | null

/** What makes probabilities and ends in `end`, as one node or written out; null where nothing does. */
export function finalActivationBefore(
  end: NetworkNode,
  work: Workspace,
  numberOf: NumberOf,
): FinalActivation | null {
  if (end.domain !== '') return null
  const { operator: name } = end
  if (name === 'Softmax' || name === 'LogSoftmax' || name === 'Sigmoid') {
    const region = regionOf(end.inputs[0] ?? '', [end], work)
    return { name, region, isWrittenOut: false }
  }
  const writtenOut = [
    ['Softmax', softmaxBefore(end, work)],
    ['LogSoftmax', logSoftmaxBefore(end, work)],
    ['Sigmoid', sigmoidBefore(end, work, numberOf) ?? sigmoidByTanh(end, work, numberOf)],
  ] as const
  for (const [found, region] of writtenOut)
    if (region) return { name: found, region, isWrittenOut: true }
  return null
}

const logarithm = new Set(['Log'])
const logSumExp = new Set(['ReduceLogSumExp'])
const sum = new Set(['Add'])

/** x − ln Σ exp(x), with the largest x taken off before, or before the exponential and added again. */
function logSoftmaxBefore(end: NetworkNode, work: Workspace): Region | null {
  const [x = '', divisor = ''] = end.inputs
  if (end.operator !== 'Sub') return null
  const total = logOfSum(divisor, work) ?? logOfSumAndShift(divisor, work)
  if (!total || total.source !== x) return null
  const { source, nodes } = unshifted(x, work)
  return regionOf(source, [...nodes, ...total.nodes, end], work)
}

type Part = { readonly source: string; readonly nodes: readonly NetworkNode[] }

/** ln Σ exp(source) */
function logOfSum(value: string, work: Workspace): Part | null {
  const whole = madeBy(value, logSumExp, work, reshaping)
  if (whole) return { source: whole[0].inputs[0] ?? '', nodes: whole }
  const log = madeBy(value, logarithm, work, reshaping)
  const total = log && sumOfExponentials(log[0].inputs[0] ?? '', work)
  if (!total) return null
  return { source: total.exponential.inputs[0] ?? '', nodes: [...total.nodes, ...log] }
}

/** ln Σ exp(source − max source) + max source */
function logOfSumAndShift(value: string, work: Workspace): Part | null {
  const added = madeBy(value, sum, work, reshaping)
  for (const part of added?.[0].inputs ?? []) {
    const total = logOfSum(part, work)
    if (!added || !total) continue
    const { source, nodes } = unshifted(total.source, work)
    const [other = ''] = added[0].inputs.filter((input) => input !== part)
    const max = madeBy(other, new Set(['ReduceMax']), work, reshaping)
    if (nodes.length > 0 && max?.[0].inputs[0] === source)
      return { source, nodes: [...nodes, ...total.nodes, ...max, ...added] }
  }
  return null
}

const exponential = new Set(['Exp'])

/** 1 / (1 + exp(−x)) or exp(x) / (1 + exp(x)). */
function sigmoidBefore(end: NetworkNode, work: Workspace, numberOf: NumberOf): Region | null {
  const isNumber = (value: string | undefined, number: number): boolean =>
    value !== undefined && numberOf(value) === number
  const [a = '', b = ''] = end.inputs
  const isInverse =
    end.operator === 'Reciprocal' ||
    (end.operator === 'Div' && isNumber(a, 1)) ||
    (end.operator === 'Pow' && isNumber(b, -1))
  if (!isInverse && end.operator !== 'Div') return null
  const added = madeBy(end.operator === 'Div' ? b : a, sum, work)
  const exponent = added?.[0].inputs.find((value) => !isNumber(value, 1))
  if (!added || exponent === undefined || !added[0].inputs.some((value) => isNumber(value, 1)))
    return null
  const e = madeBy(exponent, exponential, work)
  if (!e) return null
  const x = e[0].inputs[0] ?? ''
  if (!isInverse) {
    const same = madeBy(a, exponential, work)
    return same?.[0] === e[0] ? regionOf(x, [...e, ...same, ...added, end], work) : null
  }
  const negated = negatedBy(x, work, isNumber)
  return negated && regionOf(negated.source, [...negated.nodes, ...e, ...added, end], work)
}

const negating = new Set(['Neg', 'Mul', 'Div', 'Sub'])

/** x of −x, −1 · x, x / −1 and 0 − x. */
function negatedBy(
  value: string,
  work: Workspace,
  isNumber: (value: string | undefined, number: number) => boolean,
): Part | null {
  const nodes = madeBy(value, negating, work)
  if (!nodes) return null
  const [{ operator, inputs }] = nodes
  const [a = '', b = ''] = inputs
  if (operator === 'Neg') return { source: a, nodes }
  if (operator === 'Sub') return isNumber(a, 0) ? { source: b, nodes } : null
  if (isNumber(b, -1)) return { source: a, nodes }
  return operator === 'Mul' && isNumber(a, -1) ? { source: b, nodes } : null
}

/** ½ tanh(½ x) + ½ or ½ (tanh(½ x) + 1), which overflows nowhere. */
function sigmoidByTanh(end: NetworkNode, work: Workspace, numberOf: NumberOf): Region | null {
  /** What a value is a number times, or plus, and the nodes from there on. */
  const joined = (value: string, operator: string, number: number): Part | null => {
    const nodes = madeBy(value, new Set([operator]), work)
    const [a = '', b = ''] = nodes?.[0].inputs ?? []
    if (!nodes) return null
    if (numberOf(b) === number) return { source: a, nodes }
    return numberOf(a) === number && operator !== 'Div' ? { source: b, nodes } : null
  }
  const halfOf = (value: string): Part | null =>
    joined(value, 'Mul', 0.5) ?? joined(value, 'Div', 2)
  const [output = ''] = end.outputs
  const sumOfHalf = joined(output, 'Add', 0.5)
  const halfOfSum = halfOf(output)
  const outer = sumOfHalf ?? halfOfSum
  const inner = sumOfHalf
    ? halfOf(sumOfHalf.source)
    : halfOfSum && joined(halfOfSum.source, 'Add', 1)
  const tanh = inner && madeBy(inner.source, new Set(['Tanh']), work)
  const halved = tanh && halfOf(tanh[0].inputs[0] ?? '')
  if (!outer || !inner || !tanh || !halved) return null
  const nodes = [...halved.nodes, ...tanh, ...inner.nodes, ...outer.nodes]
  return regionOf(halved.source, nodes, work)
}
