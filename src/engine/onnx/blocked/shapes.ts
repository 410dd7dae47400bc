import { intOf, intsOf } from '../attributes'
import { floatsOf, integersOf } from '../elements'
import { DataType, type Graph, type Node, type Tensor } from '../model'
import { onEachElement } from './onEachElement'

export type Shapes = ReadonlyMap<string, readonly number[]>

type Of = (value: string) => readonly number[] | undefined
type Constant = (value: string) => Tensor | undefined

/**
 * The shapes of a compiled graph's values as far as its layout depends on them; values without one keep the
 * plain layout.
 * @param known shapes of the network's own values.
 */
export function findShapes(graph: Graph, known: Shapes): Shapes {
  const shapes = new Map(known)
  for (const [name, { dims }] of graph.initializers) shapes.set(name, dims)
  for (const { name, dims } of graph.inputs) {
    const sizes = dims.filter((size) => size !== null)
    if (sizes.length === dims.length) shapes.set(name, sizes)
  }
  const of: Of = (value) => shapes.get(value)
  const constant: Constant = (value) => graph.initializers.get(value)
  for (const node of graph.nodes) {
    const [output = ''] = node.outputs
    if (node.domain !== '' || shapes.has(output)) continue
    const shape = shapeOf(node, of, constant)
    if (shape) shapes.set(output, shape)
  }
  return shapes
}

/** Of the same shape as what they read, but in need of an order, or of nothing at all. */
const sameShape = new Set(['PRelu', 'Softmax', 'Identity'])

function shapeOf(node: Node, of: Of, constant: Constant): readonly number[] | undefined {
  const [x = '', second = ''] = node.inputs
  if (onEachElement.has(node.operator) || sameShape.has(node.operator)) {
    // The bounds of Clip are scalars.
    return broadcast(node.inputs.filter((input) => input !== '').map(of))
  }
  if (node.operator === 'Conv') return convolved(of(x), of(second), node)
  if (node.operator === 'ConvTranspose') return transposed(of(x), of(second), node)
  if (node.operator === 'MaxPool') return pooled(of(x), node)
  if (node.operator === 'Gemm') {
    if (intOf(node, 'transA', 0) !== 0) return undefined
    return multiplied(of(x), of(second), intOf(node, 'transB', 0) === 1)
  }
  if (node.operator === 'MatMul') return multiplied(of(x), of(second), false)
  if (node.operator === 'Transpose') return transposedAxes(of(x), intsOf(node, 'perm'))
  if (node.operator === 'ReduceSum') return summed(of(x), constant(second), node)
  if (node.operator === 'ScatterElements') return of(x)
  if (node.operator === 'Reshape') return reshaped(of(x), constant(second))
  if (node.operator === 'Concat') return joined(node.inputs.map(of), intOf(node, 'axis', 0))
  if (node.operator === 'Slice') return sliced(of(x), node.inputs.slice(1).map(constant))
  if (node.operator === 'GlobalAveragePool')
    return of(x)?.map((size, axis) => (axis < 2 ? size : 1))
  if (node.operator === 'DepthToSpace') return spread(of(x), intOf(node, 'blocksize', 1))
  if (node.operator === 'Expand') return expanded(of(x), constant(second))
  if (node.operator === 'Resize') return resized(of(x), constant(node.inputs[2] ?? ''))
  return undefined
}

function broadcast(
  shapes: readonly (readonly number[] | undefined)[],
): readonly number[] | undefined {
  const rank = Math.max(0, ...shapes.map((shape) => shape?.length ?? 0))
  const result = Array.from<number>({ length: rank }).fill(1)
  for (const shape of shapes) {
    if (!shape) return undefined
    for (const [at, size] of shape.entries()) {
      const axis = at + rank - shape.length
      if (size !== 1) result[axis] = size
    }
  }
  return result
}

function positions(
  input: readonly number[],
  node: Node,
  size: (length: number, step: { stride: number; reach: number; pads: number }) => number,
  kernel: readonly number[],
): number[] {
  const rank = kernel.length
  return input.slice(2).map((length, axis) => {
    const dilation = intsOf(node, 'dilations')?.[axis] ?? 1
    const pads = intsOf(node, 'pads')
    return size(length, {
      stride: intsOf(node, 'strides')?.[axis] ?? 1,
      reach: dilation * ((kernel[axis] ?? 1) - 1),
      pads: (pads?.[axis] ?? 0) + (pads?.[axis + rank] ?? 0),
    })
  })
}

function convolved(
  input: readonly number[] | undefined,
  weights: readonly number[] | undefined,
  node: Node,
): readonly number[] | undefined {
  if (!input || !weights) return undefined
  const kernel = weights.slice(2)
  const sizes = positions(
    input,
    node,
    (length, { stride, reach, pads }) => Math.floor((length + pads - reach - 1) / stride) + 1,
    kernel,
  )
  return [input[0] ?? 1, weights[0] ?? 1, ...sizes]
}

function transposed(
  input: readonly number[] | undefined,
  weights: readonly number[] | undefined,
  node: Node,
): readonly number[] | undefined {
  if (!input || !weights) return undefined
  const sizes = positions(
    input,
    node,
    (length, { stride, reach, pads }) => (length - 1) * stride + reach + 1 - pads,
    weights.slice(2),
  )
  const added = intsOf(node, 'output_padding')
  return [
    input[0] ?? 1,
    (weights[1] ?? 1) * intOf(node, 'group', 1),
    ...sizes.map((size, axis) => size + (added?.[axis] ?? 0)),
  ]
}

function pooled(input: readonly number[] | undefined, node: Node): readonly number[] | undefined {
  const kernel = intsOf(node, 'kernel_shape')
  if (!input || !kernel || intOf(node, 'ceil_mode', 0) !== 0) return undefined
  return convolved(input, [input[1] ?? 1, 1, ...kernel], node)
}

function joined(
  inputs: readonly (readonly number[] | undefined)[],
  axis: number,
): readonly number[] | undefined {
  const [first] = inputs
  let size = 0
  for (const input of inputs) {
    if (!input) return undefined
    size += input.at(axis) ?? 0
  }
  return first?.with(axis, size)
}

function sliced(
  input: readonly number[] | undefined,
  bounds: readonly (Tensor | undefined)[],
): readonly number[] | undefined {
  const [starts, ends, axes, stated] = bounds.map((bound) => bound && integersOf(bound))
  if (!input || !starts || !ends || !axes) return undefined
  const steps = stated ?? axes.map(() => 1)
  if (bounds.length > 4 || steps.some((step) => step < 1)) return undefined
  return axes.reduce<readonly number[]>((shape, axis, at) => {
    const size = shape.at(axis) ?? 0
    const place = (bound: number): number =>
      Math.min(Math.max(bound < 0 ? bound + size : bound, 0), size)
    const length = Math.max(place(ends[at] ?? 0) - place(starts[at] ?? 0), 0)
    return shape.with(axis, Math.ceil(length / (steps[at] ?? 1)))
  }, input)
}

function spread(input: readonly number[] | undefined, side: number): readonly number[] | undefined {
  const [n = 1, c = 1, h = 1, w = 1] = input ?? []
  return input && [n, c / side ** 2, h * side, w * side]
}

/** All of two axes at least. */
function multiplied(
  a: readonly number[] | undefined,
  b: readonly number[] | undefined,
  byRows: boolean,
): readonly number[] | undefined {
  if (!a || !b || a.length < 2 || b.length < 2) return undefined
  const columns = b.at(byRows ? -2 : -1) ?? 1
  return [...(broadcast([a.slice(0, -2), b.slice(0, -2)]) ?? []), a.at(-2) ?? 1, columns]
}

function transposedAxes(
  input: readonly number[] | undefined,
  order: readonly number[] | null,
): readonly number[] | undefined {
  return input && order?.map((axis) => input[axis] ?? 1)
}

function summed(
  input: readonly number[] | undefined,
  axes: Tensor | undefined,
  node: Node,
): readonly number[] | undefined {
  if (!input || !axes) return undefined
  const along = new Set(integersOf(axes).map((axis) => (axis + input.length) % input.length))
  if (along.size === 0) return undefined
  return intOf(node, 'keepdims', 1) === 1
    ? input.map((size, axis) => (along.has(axis) ? 1 : size))
    : input.filter((_, axis) => !along.has(axis))
}

function reshaped(
  input: readonly number[] | undefined,
  target: Tensor | undefined,
): readonly number[] | undefined {
  if (!target) return undefined
  const sizes = integersOf(target)
  if (sizes.every((size) => size > 0)) return sizes
  if (!input || sizes.includes(0)) return undefined
  const count = (of: readonly number[]): number => of.reduce((product, size) => product * size, 1)
  const rest = count(sizes.filter((size) => size > 0))
  return sizes.map((size) => (size < 0 ? count(input) / rest : size))
}

function expanded(
  input: readonly number[] | undefined,
  target: Tensor | undefined,
): readonly number[] | undefined {
  return target && broadcast([input, integersOf(target)])
}

function resized(
  input: readonly number[] | undefined,
  scales: Tensor | undefined,
): readonly number[] | undefined {
  if (!input || scales?.dataType !== DataType.float) return undefined
  const factors = floatsOf(scales)
  return input.map((size, axis) => Math.floor(size * (factors[axis] ?? 1)))
}
