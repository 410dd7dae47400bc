import { int, ints } from '../attributes'
import { batchNormAffine } from '../batchNormalization'
import type { Node } from '../model'
import { writeWithActivation } from './convolution'
import type { Layout } from './layout'
import { blocked, blockVector } from './weights'

/** x · c, x + c or x − c with one number c per channel; false for other operators. */
export function productOrSum(
  node: Node,
  value: string,
  constant: Float32Array,
  layout: Layout,
): boolean {
  const { operator } = node
  if (operator === 'Mul') return affine(node, value, constant, null, layout)
  const isFirst = node.inputs[0] === value
  if (operator === 'Add') return affine(node, value, null, constant, layout)
  const negative = constant.map((number) => -number)
  return operator === 'Sub' && isFirst && affine(node, value, null, negative, layout)
}

/** A BatchNormalization that could not be folded; false where its input is not in blocks. */
export function batchNormalization(node: Node, layout: Layout): boolean {
  const [input = ''] = node.inputs
  if (node.operator !== 'BatchNormalization' || !layout.isBlocked(input)) return false
  const parameters = batchNormAffine(node, layout.initializers)
  return parameters !== null && affine(node, input, parameters.scale, parameters.shift, layout)
}

/** scale · x + shift as a depthwise convolution with a kernel of one. */
function affine(
  node: Node,
  value: string,
  scale: Float32Array | null,
  shift: Float32Array | null,
  layout: Layout,
): boolean {
  const { block } = layout
  const channels = scale?.length ?? shift?.length ?? 0
  const vector = (name: string, numbers: Float32Array, ...rest: readonly number[]): string =>
    layout.tensor(`${node.name}:${name}`, () => {
      const values = blockVector(numbers, block)
      return { dims: [values.length, ...rest], values }
    })
  const kernel = vector('scale', scale ?? new Float32Array(channels).fill(1), 1, 1, 1)
  const inputs = [layout.blocked(value), kernel]
  if (shift) inputs.push(vector('shift', shift))
  const attributes = new Map([
    ['group', int(blocked(channels, block))],
    ['kernel_shape', ints([1, 1])],
  ])
  writeWithActivation(layout, inputs, node, attributes, channels % block === 0)
  return true
}
