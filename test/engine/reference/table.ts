import type { Node } from '../../../src/engine/onnx/model'
import type { Operator, Operators } from './call'
import { arithmetic } from './operators/arithmetic'
import { constants } from './operators/constants'
import { convolutions } from './operators/convolution'
import { elementwise } from './operators/elementwise'
import { indexing } from './operators/indexing'
import { normalisations } from './operators/normalisation'
import { pieces } from './operators/pieces'
import { pooling } from './operators/pooling'
import { products } from './operators/products'
import { reductions } from './operators/reduction'
import { resizing } from './operators/resize'
import { shapes } from './operators/shapes'

const operators: Operators = {
  ...elementwise,
  ...arithmetic,
  ...products,
  ...convolutions,
  ...pooling,
  ...reductions,
  ...normalisations,
  ...shapes,
  ...pieces,
  ...indexing,
  ...resizing,
  ...constants,
}

/** Every operator that the interpreter knows. */
export const knownOperators: readonly string[] = Object.keys(operators)

/** @throws Error for an operator that the interpreter does not know. */
export function operatorOf(node: Node): Operator {
  const operator = node.domain === '' ? operators[node.operator] : undefined
  if (operator) return operator
  throw new Error(`the interpreter does not know ${node.domain} ${node.operator} (${node.name})`)
}
