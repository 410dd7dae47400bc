import { floatsOf } from '../elements'
import { DataType, type Node, type Tensor } from '../model'
import type { Layout } from './layout'
import { onEachElement } from './onEachElement'
import { productOrSum } from './perChannel'

/** Of operators on each element, those that make 0 of zeros, and so leave the missing channels of a block 0. */
const keepZero = new Set(['Add', 'Sub', 'Mul', 'Sum', 'Relu', 'LeakyRelu', 'Neg', 'Abs'])

/** Writes an elementwise operator in blocks where one of its inputs is; false where that cannot be. */
export function elementwise(node: Node, layout: Layout): boolean {
  const [output = ''] = node.outputs
  const image = layout.image(output)
  if (!onEachElement.has(node.operator) || !image) return false
  if (!node.inputs.some((input) => layout.isBlocked(input))) return false
  // What is read in the plain order again passes through float32.
  if (![DataType.float, DataType.bool].some((type) => type === layout.typeOf(output))) return false
  if (!layout.isWhole(output) && !keepZero.has(node.operator)) return false
  const roles = node.inputs.map((input) => roleOf(input, image, layout))
  if (roles.includes('none')) return withConstant(node, image, layout)
  // Nothing but single numbers, read plain: what they make is plain.
  if (!roles.includes('whole')) return false
  // Missing channels would no longer be 0.
  if (!layout.isWhole(output) && node.operator !== 'Mul' && roles.includes('scalar')) return false
  const inputs = node.inputs.map((input, at) =>
    roles[at] === 'whole' ? layout.blocked(input) : layout.plain(input),
  )
  layout.writeBlocked(node.operator, inputs, output, node.attributes)
  return true
}

type Role = 'whole' | 'scalar' | 'none'

function roleOf(input: string, image: readonly number[], layout: Layout): Role {
  if (input === '') return 'scalar'
  const shape = layout.shapes.get(input)
  if (!shape) return 'none'
  if (shape.every((size) => size === 1)) return 'scalar'
  const [n = 0, ...rest] = shape
  const same = rest.length === 3 && rest.every((size, at) => size === image[at + 1])
  return same && (n === 1 || n === image[0]) && layout.canBlock(input) ? 'whole' : 'none'
}

/** A value in blocks and a constant with one number per channel, or one per position. */
function withConstant(
  node: Node,
  [n, c, h, w]: readonly [number, number, number, number],
  layout: Layout,
): boolean {
  const [a = '', b = ''] = node.inputs
  const [value, other] = layout.constant(a) ? [b, a] : [a, b]
  const constant = layout.constant(other)
  const image = layout.image(value)
  if (node.inputs.length !== 2 || constant?.dataType !== DataType.float || !image) return false
  if (image.some((size, axis) => size !== [n, c, h, w][axis])) return false
  const dims = [...Array.from({ length: 4 - constant.dims.length }, () => 1), ...constant.dims]
  const is = (...sizes: readonly number[]): boolean =>
    sizes.every((size, axis) => size === dims[axis])
  if (is(1, c, 1, 1)) return productOrSum(node, value, floatsOf(constant), layout)
  return (
    is(1, 1, h, w) && layout.isWhole(value) && perPosition(node, value, constant, image, layout)
  )
}

/** The constant is repeated for the channels of one block; the blocks lie one behind another. */
function perPosition(
  node: Node,
  value: string,
  constant: Tensor,
  [n, c, h, w]: readonly [number, number, number, number],
  layout: Layout,
): boolean {
  const [output = ''] = node.outputs
  const { block } = layout
  const repeated = layout.tensor(`${constant.name}:repeated`, () => ({
    dims: [1, h * w * block],
    values: repeatEach(floatsOf(constant), block),
  }))
  const rows = layout.integers([(n * c) / block, h * w * block])
  const flat = `${output}:rows`
  layout.write('Reshape', [layout.blocked(value), rows], flat)
  const inputs = node.inputs.map((input) => (input === value ? flat : repeated))
  layout.write(node.operator, inputs, `${flat}:done`, node.attributes)
  layout.writeBlocked('Reshape', [`${flat}:done`, layout.integers([n, c, h, w])], output)
  return true
}

function repeatEach(numbers: Float32Array, times: number): Float32Array {
  return Float32Array.from(
    { length: numbers.length * times },
    (_, at) => numbers[Math.floor(at / times)] ?? 0,
  )
}
