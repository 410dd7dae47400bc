import { intOf } from './attributes'
import { floatsOf, integersOf, isInteger } from './elements'
import { DataType, type Graph, type Node, type Tensor } from './model'
import { isFloat } from './valueTypes'

/** They move, repeat or pick elements of the first input. */
const moving = new Set(['Identity', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Transpose', 'Expand', 'Tile', 'Slice', 'Gather']) // prettier-ignore

/** What truth values are made of, and how a number is written that a file does not want to write down. */
const functions: ReadonlyMap<string, (a: number, b: number) => number> = new Map([
  ['Not', (a) => Number(a === 0)],
  ['And', (a, b) => Number(a !== 0 && b !== 0)],
  ['Or', (a, b) => Number(a !== 0 || b !== 0)],
  ['Xor', (a, b) => Number((a !== 0) !== (b !== 0))],
  ['Equal', (a, b) => Number(a === b)],
  ['Less', (a, b) => Number(a < b)],
  ['LessOrEqual', (a, b) => Number(a <= b)],
  ['Greater', (a, b) => Number(a > b)],
  ['GreaterOrEqual', (a, b) => Number(a >= b)],
  ['Neg', (a) => -a],
  ['Abs', (a) => Math.abs(a)],
  ['Add', (a, b) => a + b],
  ['Sub', (a, b) => a - b],
  ['Mul', (a, b) => a * b],
])

/**
 * The one number that a constant holds at every place, as far as it can be told without running anything: of
 * weights, and of what a few plain operators make of them. Null for all other values.
 */
export function uniformNumbers(
  graph: Pick<Graph, 'nodes' | 'initializers'>,
): (value: string) => number | null {
  const known = new Map<string, number | null>()
  const numberOf = (value: string): number | null => {
    const number = known.get(value)
    if (number !== undefined) return number
    const tensor = graph.initializers.get(value)
    const found = tensor ? onlyNumberOf(tensor) : null
    known.set(value, found)
    return found
  }
  // In the order of the file, which is that of the values: nothing is looked up before it is known.
  for (const node of graph.nodes) {
    const [output = ''] = node.outputs
    if (node.domain === '' && output !== '') known.set(output, made(node, numberOf))
  }
  return numberOf
}

function made(node: Node, numberOf: (value: string) => number | null): number | null {
  const { operator, inputs, attributes } = node
  if (operator === 'Constant') return ofAttribute(node)
  if (operator === 'ConstantOfShape') {
    const value = attributes.get('value')
    return value?.kind === 'tensor' ? onlyNumberOf(value.value) : 0
  }
  const compute = functions.get(operator)
  if (!compute && !moving.has(operator) && operator !== 'Cast') return null
  const [first, second = first] = inputs
  if (first === undefined || second === undefined) return null
  const a = numberOf(first)
  if (a === null) return null
  if (operator === 'Cast') return cast(a, intOf(node, 'to', 0))
  if (!compute) return a
  const b = numberOf(second)
  return b === null ? null : compute(a, b)
}

function cast(number: number, to: number): number {
  if (to === DataType.bool) return Number(number !== 0)
  return isFloat(to) ? number : Math.trunc(number)
}

function ofAttribute({ attributes }: Node): number | null {
  const [attribute, ...others] = attributes.values()
  if (!attribute || others.length > 0) return null
  if (attribute.kind === 'tensor') return onlyNumberOf(attribute.value)
  if (attribute.kind === 'float' || attribute.kind === 'int') return attribute.value
  return attribute.kind === 'floats' || attribute.kind === 'ints' ? only(attribute.value) : null
}

function onlyNumberOf(tensor: Tensor): number | null {
  const { dataType } = tensor
  if (dataType === DataType.float) return only(floatsOf(tensor))
  if (dataType === DataType.bool) return only(tensor.raw)
  return isInteger(dataType) ? only(integersOf(tensor)) : null
}

function only(numbers: ArrayLike<number>): number | null {
  const first = numbers[0] ?? null
  for (let at = 1; at < numbers.length; at++) if (numbers[at] !== first) return null
  return first
}
