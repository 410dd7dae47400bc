import { activations } from './activations'
import { arithmetic } from './arithmetic'
import { averagePooling } from './averagePooling'
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

const byName = new Map(
  operators.flatMap((operator) => operator.names.map((name) => [name, operator])),
)

/** The row for a node's operator; null where there is none. */
export function operatorFor(name: string): Operator | null {
  return byName.get(name) ?? null
}

/** Every operator that can lie on the way from the input to the logits. */
export const supportedOperators: readonly string[] = [
  ...byName.keys(),
  'Identity',
  'Dropout',
  'Constant',
].toSorted()
