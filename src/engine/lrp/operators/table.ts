import { activations } from './activations'
import { arithmetic } from './arithmetic'
import { averagePooling } from './averagePooling'
import { groupOperators, type Differentiate } from './groups'
import { convolution, dense } from './linear'
import { maxPooling } from './maxPooling'
import type { Operator } from './operator'
import { routes } from './routes'

const operators: readonly Operator[] = [
  convolution,
  dense,
  ...activations,
  ...arithmetic,
  ...averagePooling,
  maxPooling,
  ...routes,
]

const differentiate: Differentiate = (node, signal, context, output) => {
  const operator = operatorFor(node.operator)
  if (!operator) throw new Error(`${node.operator} has no derivative`)
  operator.backward(node, signal, context, output)
}

const byName: ReadonlyMap<string, Operator> = new Map(
  [...operators, ...groupOperators(differentiate)].flatMap((operator) =>
    operator.names.map((name) => [name, operator]),
  ),
)

/** The row for a node's operator; null where there is none. */
export function operatorFor(name: string): Operator | null {
  return byName.get(name) ?? null
}

/** Every operator that can lie on the way from the input to the logits. */
export const supportedOperators: readonly string[] = [
  ...operators.flatMap(({ names }) => names),
  'Identity',
  'Dropout',
  'Constant',
].toSorted()
