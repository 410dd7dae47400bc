import type { Attribute, Node } from './model'

export const int = (value: number): Attribute => ({ kind: 'int', value })
export const ints = (value: readonly number[]): Attribute => ({ kind: 'ints', value })
export const floats = (value: readonly number[]): Attribute => ({ kind: 'floats', value })
export const float = (value: number): Attribute => ({ kind: 'float', value })
export const string = (value: string): Attribute => ({ kind: 'string', value })

export function intOf(node: Node, name: string, fallback: number): number {
  const attribute = node.attributes.get(name)
  return attribute?.kind === 'int' ? attribute.value : fallback
}

export function floatOf(node: Node, name: string, fallback: number): number {
  const attribute = node.attributes.get(name)
  return attribute?.kind === 'float' ? attribute.value : fallback
}

export function intsOf(node: Node, name: string): readonly number[] | null {
  const attribute = node.attributes.get(name)
  return attribute?.kind === 'ints' ? attribute.value : null
}

export function stringOf(node: Node, name: string, fallback: string): string {
  const attribute = node.attributes.get(name)
  return attribute?.kind === 'string' ? attribute.value : fallback
}
