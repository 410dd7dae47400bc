import { floatsOf, integersOf } from '../../../../src/engine/onnx/elements'
import { DataType, type Node, type Tensor } from '../../../../src/engine/onnx/model'
import { coordinates, product } from './slowWindows'

/** A tensor in double precision. */
export interface Value {
  readonly shape: readonly number[]
  readonly data: readonly number[]
}

export function valueOf(tensor: Tensor): Value {
  const isFloat = tensor.dataType === DataType.float
  return { shape: tensor.dims, data: [...(isFloat ? floatsOf(tensor) : integersOf(tensor))] }
}

/** Elementwise with the broadcasting of numpy, from the right. */
export function zip(a: Value, b: Value, f: (x: number, y: number) => number): Value {
  const rank = Math.max(a.shape.length, b.shape.length)
  const size = (value: Value, axis: number): number =>
    value.shape[axis - rank + value.shape.length] ?? 1
  const shape = Array.from({ length: rank }, (_, axis) => Math.max(size(a, axis), size(b, axis)))
  const at = (value: Value, position: readonly number[]): number => {
    const index = value.shape.reduce((total, length, axis) => {
      const wanted = position[axis + rank - value.shape.length] ?? 0
      return total * length + (length === 1 ? 0 : wanted)
    }, 0)
    return value.data[index] ?? NaN
  }
  const data = Array.from({ length: product(shape) }, (_, index) => {
    const position = coordinates(index, shape)
    return f(at(a, position), at(b, position))
  })
  return { shape, data }
}

/** Where each element of the output of a rearrangement comes from; null for constants and padding. */
export type Source = readonly (number | null)[]

export function transposed(shape: readonly number[], order: readonly number[]) {
  const to = order.map((axis) => shape[axis] ?? 1)
  const source = Array.from({ length: product(to) }, (_, index) => {
    const position = coordinates(index, to)
    const from = shape.map((_size, axis) => position[order.indexOf(axis)] ?? 0)
    return from.reduce((total, at, axis) => total * (shape[axis] ?? 1) + at, 0)
  })
  return { shape: to, source }
}

export function padded(shape: readonly number[], begin: readonly number[], end: readonly number[]) {
  const to = shape.map((size, axis) => size + (begin[axis] ?? 0) + (end[axis] ?? 0))
  const place = (index: number, clamp: boolean): number | null => {
    const from = coordinates(index, to).map((at, axis) => at - (begin[axis] ?? 0))
    if (!clamp && from.some((at, axis) => at < 0 || at >= (shape[axis] ?? 1))) return null
    return from.reduce((total, at, axis) => {
      const size = shape[axis] ?? 1
      return total * size + Math.min(Math.max(at, 0), size - 1)
    }, 0)
  }
  const all = Array.from({ length: product(to) }, (_, index) => index)
  return {
    shape: to,
    source: all.map((index) => place(index, false)),
    /** The nearest real element, for padding too. */
    nearest: all.map((index) => place(index, true)),
  }
}

export function numbersAttribute(node: Node, name: string): readonly number[] | null {
  const attribute = node.attributes.get(name)
  return attribute?.kind === 'ints' ? attribute.value : null
}

export function numberAttribute(node: Node, name: string, fallback: number): number {
  const attribute = node.attributes.get(name)
  return attribute?.kind === 'int' || attribute?.kind === 'float' ? attribute.value : fallback
}
