import { int, intOf } from '../attributes'
import { integersOf } from '../elements'
import { DataType, type Node } from '../model'
import type { Layout } from './layout'

/** An image-like value written as rows or a column: the product of two alike is the same in any order. */
export interface Row {
  readonly source: string
  readonly shape: readonly number[]
}
/** By the value that is such rows. */
export type Rows = Map<string, Row>

/** Puts rows off until somebody needs its order; false for other reshapes. */
export function asRows(node: Node, layout: Layout, rows: Rows): boolean {
  const [source = '', target = ''] = node.inputs
  const [output = ''] = node.outputs
  const image = layout.image(source)
  const shape = layout.shapes.get(output)
  const stated = layout.constant(target)
  if (node.operator !== 'Reshape' || !image || !shape || !stated) return false
  const [, c, h, w] = image
  const [long = 0, ...others] = shape.toReversed().filter((size) => size !== 1)
  if (!layout.isWhole(source) || layout.constant(source)) return false
  // Whole samples, so that no row mixes the blocks of two.
  if (others.length > 1 || long % (c * h * w) !== 0) return false
  rows.set(output, { source, shape })
  layout.later(output, () => layout.keep(node))
  return true
}

/** A sum over positions, or of the products of two rows; false for other nodes. */
export function sums(node: Node, layout: Layout, rows: Rows): boolean {
  if (node.operator === 'ReduceSum') {
    const axes = layout.constant(node.inputs[1] ?? '')
    if (axes?.dataType !== DataType.int64) return false
    return integersOf(axes).join(',') === '2,3' && overPositions(node, layout)
  }
  const isProduct =
    node.operator === 'MatMul' || (node.operator === 'Gemm' && intOf(node, 'transB', 0) === 1)
  return isProduct && ofProducts(node, layout, rows)
}

function ofProducts(node: Node, layout: Layout, rows: Rows): boolean {
  const [a, b] = node.inputs.map((input) => rows.get(input))
  if (!a || !b || node.inputs.length !== 2) return false
  if (!layout.isBlocked(a.source) && !layout.isBlocked(b.source)) return false
  const [first, second] = [layout.image(a.source), layout.image(b.source)]
  // Elements meet their own kind only where both come in the same order.
  if (!first || !second || sampleOf(first) !== sampleOf(second)) return false
  if (lengthOf(a) !== lengthOf(b)) return false
  // Of a column and a row each element meets every other.
  if (a.shape.at(-1) !== lengthOf(a)) return false
  const flats = [blockedRow(a, layout), blockedRow(b, layout)]
  layout.write(node.operator, flats, node.outputs[0] ?? '', node.attributes)
  return true
}

function sampleOf([, ...sizes]: readonly number[]): string {
  return sizes.join(',')
}

/** Of a row, or of the one column. */
function lengthOf({ shape }: Row): number {
  return Math.max(...shape)
}

function blockedRow({ source, shape }: Row, layout: Layout): string {
  const name = `${layout.blocked(source)}:rows:${shape.join(',')}`
  layout.once(name, () => {
    layout.write('Reshape', [layout.blocked(source), layout.integers(shape)], name)
  })
  return name
}

/** [N, C, H, W] → [N, C] as [N, C/b, H·W, b] → [N, C/b, b]. */
function overPositions(node: Node, layout: Layout): boolean {
  const [input = ''] = node.inputs
  const [output = ''] = node.outputs
  const image = layout.image(input)
  if (!image || !layout.isBlocked(input) || !layout.isWhole(input)) return false
  const [n, c, h, w] = image
  const { block } = layout
  const shape = intOf(node, 'keepdims', 1) === 1 ? [n, c, 1, 1] : [n, c]
  const view = `${output}:view`
  layout.write('Reshape', [layout.blocked(input), layout.integers([n, c / block, h * w, block])], view) // prettier-ignore
  const summed = `${output}:blocks`
  layout.write('ReduceSum', [view, layout.integers([2])], summed, { keepdims: int(0) })
  layout.write('Reshape', [summed, layout.integers(shape)], output)
  return true
}
