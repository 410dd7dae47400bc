import type { GraphIndex } from '../onnx/graphIndex'
import type { Node, Tensor } from '../onnx/model'

/** A node, or several that act as one: an activation written out, a normalisation written out. */
export interface NetworkNode extends Node {
  /**
   * The nodes that compute this one's outputs, in order; absent where it computes them itself. Gradient
   * methods differentiate the members; relevance sees only the whole.
   */
  readonly members?: readonly Node[]
}

/**
 * A classifier made ready for compilation: one input, one logit tensor, every shape known,
 * constants evaluated, only the nodes between input and logits, operators in the form of opset 17.
 */
export interface Network {
  readonly input: string
  readonly logits: string
  /** Topologically sorted; names are those of the original model. */
  readonly nodes: readonly NetworkNode[]
  readonly constants: ReadonlyMap<string, Tensor>
  readonly index: GraphIndex
  /** Shape of every value that depends on the input, batch included. */
  shape(value: string): readonly number[]
  /** Values that cannot be below zero, whatever the input. */
  readonly nonNegative: ReadonlySet<string>
  /** What was done to the original graph, for the conventions, in words. */
  readonly notes: readonly string[]
}

/** The operator set that compiled graphs are written in. */
export const targetOpset = 17
export const targetIrVersion = 8

/** The tensor's elements count. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

/** The shape of `starts` values of a shape, one behind another along the first axis. */
export function manyTimes(shape: readonly number[], starts: number): readonly number[] {
  const [first = 1, ...rest] = shape
  return starts === 1 ? shape : [first * starts, ...rest]
}
