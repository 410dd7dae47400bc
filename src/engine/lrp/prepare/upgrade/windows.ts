import { ints, intsOf, stringOf } from '../../../onnx/attributes'
import type { Attribute, Node } from '../../../onnx/model'
import { ceilMode } from '../../layers/transposeConvolution'
import { overhang, reachOf, type Geometry } from './geometry'
import { shapeOf, type Upgrade, type Upgrading } from './upgrading'
import { writtenOut } from './windowMembers'
import { NodeRefusal } from '../../nodeRefusal'

/** Spells out kernel, strides, dilations and pads, so that nobody after this has to know the defaults. */
export const withExplicitPads: Upgrade = (node, to) => {
  const geometry = geometryOf(node, to, explicitPads)
  refuseEmptyMeans(node, geometry)
  const attributes = explicit(node, geometry)
  const written = { ...node, attributes }
  switch (node.operator) {
    case 'LpPool':
      attributes.delete('ceil_mode')
      return hangsOver(geometry) || isDilated(geometry)
        ? [{ ...written, members: writtenOut(written, geometry, to) }]
        : [withoutDilations(written)]
    case 'AveragePool':
      return isDilated(geometry)
        ? [{ ...written, members: writtenOut(written, geometry, to) }]
        : [withoutDilations(written)]
    default:
      return [written]
  }
}

/** Of the same size as the node's output, whatever states it: output_shape, auto_pad or pads. */
export const transposedWithPads: Upgrade = (node, to) => {
  const geometry = geometryOf(node, to, transposedPads)
  const attributes = explicit(node, geometry)
  attributes.delete('output_shape')
  const outputPadding = intsOf(node, 'output_padding') ?? geometry.kernel.map(() => 0)
  attributes.set('output_padding', ints(outputPadding))
  return [{ ...node, attributes }]
}

function geometryOf(
  node: Node,
  to: Upgrading,
  padsOf: (node: Node, geometry: Omit<Geometry, 'pads'>) => number[],
): Geometry {
  const input = shapeOf(node.inputs[0], to).slice(2)
  const output = shapeOf(node.outputs[0], to).slice(2)
  const weight = to.draft.constants.get(node.inputs[1] ?? '')
  const ones = input.map(() => 1)
  const geometry = {
    input,
    output,
    kernel: intsOf(node, 'kernel_shape') ?? weight?.dims.slice(2) ?? ones,
    strides: intsOf(node, 'strides') ?? ones,
    dilations: intsOf(node, 'dilations') ?? ones,
  }
  return { ...geometry, pads: padsOf(node, geometry) }
}

function explicit(
  node: Node,
  { kernel, strides, dilations, pads }: Geometry,
): Map<string, Attribute> {
  const attributes = new Map(node.attributes)
  attributes.delete('auto_pad')
  attributes.delete('storage_order')
  attributes.set('kernel_shape', ints(kernel))
  attributes.set('strides', ints(strides))
  attributes.set('dilations', ints(dilations))
  attributes.set('pads', ints(pads))
  return attributes
}

function withoutDilations(node: Node): Node {
  const attributes = new Map(node.attributes)
  attributes.delete('dilations')
  return { ...node, attributes }
}

const isDilated = ({ dilations }: Geometry): boolean => dilations.some((size) => size !== 1)

/** Whether the last window of an axis ends behind its padding (ceil_mode). */
function hangsOver(geometry: Geometry): boolean {
  return overhang(geometry).some((size) => size > 0)
}

function isAutomatic(node: Node): boolean {
  return !['NOTSET', ''].includes(stringOf(node, 'auto_pad', 'NOTSET'))
}

function explicitPads(node: Node, geometry: Omit<Geometry, 'pads'>): number[] {
  const { input, output, strides } = geometry
  if (!isAutomatic(node)) {
    return [...(intsOf(node, 'pads') ?? Array<number>(2 * input.length).fill(0))]
  }
  const auto = stringOf(node, 'auto_pad', 'NOTSET')
  return shared(
    input.map((size, axis) => {
      const steps = (output[axis] ?? 1) - 1
      const needed = steps * (strides[axis] ?? 1) + reachOf(geometry, axis) - size
      return auto === 'VALID' ? 0 : Math.max(0, needed)
    }),
    auto === 'SAME_LOWER' ? 'more at the beginning' : 'more at the end',
  )
}

function transposedPads(node: Node, geometry: Omit<Geometry, 'pads'>): number[] {
  const { input, output, strides } = geometry
  if (!isAutomatic(node) && !intsOf(node, 'output_shape')) {
    return [...(intsOf(node, 'pads') ?? Array<number>(2 * input.length).fill(0))]
  }
  const added = intsOf(node, 'output_padding') ?? []
  const auto = stringOf(node, 'auto_pad', 'NOTSET')
  return shared(
    input.map((size, axis) => {
      const whole = (size - 1) * (strides[axis] ?? 1) + reachOf(geometry, axis) + (added[axis] ?? 0)
      return Math.max(0, whole - (output[axis] ?? 1))
    }),
    auto === 'SAME_UPPER' ? 'more at the end' : 'more at the beginning',
  )
}

/** All begins, then all ends; what is odd goes where it is said. */
function shared(totals: readonly number[], odd: 'more at the beginning' | 'more at the end') {
  const less = totals.map((total) => Math.floor(total / 2))
  const more = totals.map((total) => Math.ceil(total / 2))
  return odd === 'more at the end' ? [...less, ...more] : [...more, ...less]
}

/**
 * Rounded up, the last window may begin behind the input, where there is nothing to take the mean of;
 * ONNX Runtime contradicts itself about such windows.
 */
function refuseEmptyMeans(node: Node, geometry: Geometry): void {
  if (node.operator !== 'AveragePool' || !ceilMode(node)) return
  const { input, strides, pads } = geometry
  for (const [axis, length] of input.entries()) {
    const size = length + (pads[axis] ?? 0)
    const reach = reachOf(geometry, axis) - (pads[axis + input.length] ?? 0)
    const stride = strides[axis] ?? 1
    if (Math.ceil((size - reach) / stride) * stride < size) continue
    throw new NodeRefusal(
      node,
      'has windows that begin behind its input, for which there is no rule',
      'Export it without ceil_mode.',
    )
  }
}
