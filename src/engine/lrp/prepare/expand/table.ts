import type { Node } from '../../../onnx/model'
import { activations } from './activations'
import { attention } from './attention'
import { einsum } from './einsum'
import type { Expansion } from './expansion'
import { normalisations } from './normalisations'
import { product } from './product'
import { rotary } from './rotary'

const expansions: readonly Expansion[] = [
  ...activations,
  ...normalisations,
  ...attention,
  ...rotary,
  einsum,
  product,
]

const byName: ReadonlyMap<string, Expansion> = new Map(
  expansions.flatMap((expansion) => expansion.names.map((name) => [name, expansion])),
)

/** How a node is written out in operators of opset 17; null where it is one. */
export function expansionFor({ domain, operator }: Node): Expansion | null {
  return byName.get(domain === '' ? operator : `${domain}.${operator}`) ?? null
}

/** Names of all that is written out in others. */
export const expandedOperators: readonly string[] = [...byName.keys()]
