import { floatTensor, int64Tensor } from '../../../../src/engine/onnx/elements'
import { DataType, type Attribute, type Tensor } from '../../../../src/engine/onnx/model'
import { attributesOf, type PlainAttributes } from '../plainAttributes'

/** An input of the operator under test: random numbers that are fed, or a constant; null for none. */
export type Input = { readonly fed: Fed } | { readonly constant: Tensor } | null

export interface Fed {
  readonly dims: readonly number[]
  readonly low: number
  readonly high: number
}

/** One node, run by ONNX Runtime and by the interpreter in each of some operator sets. */
export interface Case {
  readonly name: string
  readonly operator: string
  readonly inputs: readonly Input[]
  readonly attributes: ReadonlyMap<string, Attribute>
  readonly opsets: readonly number[]
  readonly outputs: number
}

/** A row of the table. @param opsets those whose form of the operator this is. */
export function row(
  operator: string,
  opsets: readonly number[],
  inputs: readonly Input[],
  attributes: PlainAttributes = {},
  outputs = 1,
): Case {
  const named = Object.entries(attributes)
  return {
    name: [operator, ...named.map(([key, value]) => `${key} ${JSON.stringify(value)}`)].join(', '),
    operator,
    inputs,
    attributes: attributesOf(attributes),
    opsets,
    outputs,
  }
}

/** Random numbers in −2 … 2. */
export function some(...dims: number[]): Input {
  return { fed: { dims, low: -2, high: 2 } }
}

export function between(low: number, high: number, dims: readonly number[]): Input {
  return { fed: { dims, low, high } }
}

export function whole(...values: number[]): Input {
  return { constant: int64Tensor('', [values.length], values) }
}

/** One whole number, of rank 0. */
export function index(value: number): Input {
  return { constant: int64Tensor('', [], [value]) }
}

export function indices(dims: readonly number[], values: readonly number[]): Input {
  return { constant: int64Tensor('', dims, values) }
}

export function numbers(dims: readonly number[], ...values: number[]): Input {
  return { constant: floatTensor('', dims, Float32Array.from(values)) }
}

export function truths(dims: readonly number[], ...values: number[]): Input {
  return {
    constant: { name: '', dims, dataType: DataType.bool, raw: Uint8Array.from(values) },
  }
}
