import { float, int, ints, string } from '../../../src/engine/onnx/attributes'
import type { Attribute } from '../../../src/engine/onnx/model'

/** An attribute as one writes it: whole numbers are ints, `{ f: 1 }` is a float. */
type Plain = number | string | readonly number[] | { readonly f: number } | Attribute
/** Those that are undefined are left out. */
export type PlainAttributes = Readonly<Record<string, Plain | undefined>>

function attribute(value: Plain): Attribute {
  if (typeof value === 'number') return int(value)
  if (typeof value === 'string') return string(value)
  if ('f' in value) return float(value.f)
  return 'kind' in value ? value : ints(value)
}

export function attributesOf(plain: PlainAttributes): Map<string, Attribute> {
  return new Map(
    Object.entries(plain).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, attribute(value)] as const],
    ),
  )
}
