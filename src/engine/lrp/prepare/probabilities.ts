import type { NetworkNode } from '../network'
import { finalActivationBefore } from './recognise/final'
import { madeBy, reshaping, type Workspace } from './recognise/regions'
import { neverNegative } from './signs'

/** The smallest and the largest number that a value can hold. */
type Range = readonly [number, number]

const probability: Range = [0, 1]

/** They move, pick or repeat numbers, or take the mean or one of several. */
const keeping = new Set([
  'Identity', 'Cast', 'Dropout', 'Clip', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Transpose', 'Slice', 'Gather',
  'Split', 'Expand', 'Tile', 'TopK', 'ReduceMean', 'ReduceMax', 'ReduceMin', 'GlobalAveragePool', 'GlobalMaxPool',
]) // prettier-ignore

/** They choose from several values or put them side by side. */
const choosing = new Set(['Concat', 'Max', 'Min', 'Mean'])

/** How many nodes are looked at; what takes more is not told. */
const mostSteps = 1024

/**
 * Whether a value holds probabilities for certain: it is made of nothing but the outputs of Softmax or Sigmoid
 * (the mean of several, 1 − p beside p) or of shares of one sum, and lies between 0 and 1.
 */
export function holdsProbabilities(
  value: string,
  work: Workspace,
  numberOf: (value: string) => number | null,
): boolean {
  const ranges = new Map<string, Range | null>()
  let steps = 0
  const rangeOf = (of: string): Range | null => {
    const before = ranges.get(of)
    if (before !== undefined) return before
    const node = work.index.producer(of)
    // Whole numbers and masks are further outputs of what keeps them; of a Split all are alike.
    const isMain = node?.outputs[0] === of || node?.operator === 'Split'
    const range = node?.domain === '' && isMain && ++steps < mostSteps ? rangeMade(node) : null
    ranges.set(of, range)
    return range
  }
  const rangeMade = (node: NetworkNode): Range | null => {
    const final = finalActivationBefore(node, work, numberOf)
    if (final) return final.name === 'LogSoftmax' ? null : probability
    if (isShare(node, work)) return probability
    const { operator, inputs } = node
    if (keeping.has(operator)) return rangeOf(inputs[0] ?? '')
    // A constant beside probabilities is a weight, or the 1 of 1 − p.
    const [first, ...others] = inputs.map((input) => {
      const number = numberOf(input)
      return number === null ? rangeOf(input) : ([number, number] as const)
    })
    if (!first || inputs.every((input) => numberOf(input) !== null)) return null
    return others.reduce<Range | null>((a, b) => a && b && joined(operator, a, b), first)
  }
  const range = rangeOf(value)
  return range !== null && range[0] >= 0 && range[1] <= 1 + rounding
}

/** Thirds do not add up to 1. */
const rounding = 1e-5

function joined(operator: string, [a, b]: Range, [c, d]: Range): Range | null {
  if (choosing.has(operator)) return [Math.min(a, c), Math.max(b, d)]
  if (operator === 'Add' || operator === 'Sum') return [a + c, b + d]
  if (operator === 'Sub') return [a - d, b - c]
  const products = [a * c, a * d, b * c, b * d]
  if (operator === 'Mul') return [Math.min(...products), Math.max(...products)]
  if (operator !== 'Div' || c !== d || c <= 0) return null
  return [a / c, b / c]
}

const adding = new Set(['ReduceSum', 'ReduceL1'])

/** v / Σ v of numbers that are not negative. */
function isShare({ operator, inputs }: NetworkNode, work: Workspace): boolean {
  const [value = '', divisor = ''] = inputs
  if (operator !== 'Div') return false
  const sum = madeBy(divisor, adding, work, reshaping)
  return sum?.[0].inputs[0] === value && madeBy(value, neverNegative, work) !== null
}
