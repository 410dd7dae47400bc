import { floatTensor, int64Tensor, integersOf } from '../../../onnx/elements'
import type { Attribute, Node, Tensor } from '../../../onnx/model'
import { ownPrefix } from '../../../onnx/names'
import type { NetworkNode } from '../../network'
import type { Draft } from '../nodeWriter'

/** The graph that a node is part of, and the operator set that its file states. */
export interface Upgrading {
  readonly draft: Draft
  readonly opset: number
}

/**
 * Writes one node in the form of opset 17.
 * @returns what takes its place, or the value that its output is another name of.
 */
export type Upgrade = (node: Node, to: Upgrading) => readonly NetworkNode[] | string

/** The attributes of the names given. */
export function only(node: Node, names: readonly string[]): Map<string, Attribute> {
  return new Map([...node.attributes].filter(([name]) => names.includes(name)))
}

/** The shape of one of the node's values; empty for a value that is left out. */
export function shapeOf(value: string | undefined, { draft }: Upgrading): readonly number[] {
  if (value === undefined || value === '') return []
  return draft.shapes.get(value) ?? draft.constants.get(value)?.dims ?? []
}

/** The whole numbers of a constant that the node reads. */
export function integerConstant(node: Node, value: string, { draft }: Upgrading): number[] {
  const tensor = draft.constants.get(value)
  if (!tensor) throw new Error(`${node.name} reads ${value}, which is not constant`)
  return integersOf(tensor)
}

/** A list of whole numbers as a constant of the node's own. */
export function listInput(
  node: Node,
  key: string,
  values: readonly number[],
  { draft }: Upgrading,
): string {
  const name = `${ownPrefix}${node.name}:${key}`
  return added(int64Tensor(name, [values.length], values), draft)
}

/** A number as a constant of the node's own. */
export function numberInput(node: Node, key: string, value: number, { draft }: Upgrading): string {
  const name = `${ownPrefix}${node.name}:${key}`
  return added(floatTensor(name, [], Float32Array.of(value)), draft)
}

function added(tensor: Tensor, { constants }: Draft): string {
  constants.set(tensor.name, tensor)
  return tensor.name
}
