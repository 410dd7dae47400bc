import { intOf, intsOf } from '../../../src/engine/onnx/attributes'
import type { Node } from '../../../src/engine/onnx/model'
import { axisOf, type NdArray } from './ndArray'

/** A node, and the values of its inputs; null where an optional one is left out. */
export interface Call {
  readonly node: Node
  readonly inputs: readonly (NdArray | null)[]
  readonly opset: number
}

/** What an operator computes, by the ONNX operator specification: its outputs in order. */
export type Operator = (call: Call) => NdArray | readonly NdArray[]

export type Operators = Readonly<Record<string, Operator>>

export function inputOf({ node, inputs }: Call, at = 0): NdArray {
  const value = inputs[at]
  if (value) return value
  throw new Error(`${node.name} (${node.operator}) has no input ${at}`)
}

export function optionalOf({ inputs }: Call, at: number): NdArray | null {
  return inputs[at] ?? null
}

/** The inputs that are there. */
export function allOf({ inputs }: Call): NdArray[] {
  return inputs.filter((value) => value !== null)
}

/** Integers that older operator sets state as an attribute and newer ones as an input. */
export function integersFrom(call: Call, attribute: string, at: number): readonly number[] | null {
  const input = optionalOf(call, at)
  return input ? [...input.data] : intsOf(call.node, attribute)
}

/** The attribute `axis`, counted from the front. */
export function axisFrom({ node }: Call, rank: number, fallback: number): number {
  return axisOf(intOf(node, 'axis', fallback), rank)
}
