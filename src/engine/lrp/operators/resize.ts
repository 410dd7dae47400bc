import { floatOf, intOf, stringOf } from '../../onnx/attributes'
import { floatsOf } from '../../onnx/elements'
import type { Node } from '../../onnx/model'
import type { GraphBuilder } from '../builder'
import type { Network } from '../network'
import { alongAxis, transposedMap, type AxisMap } from './alongAxis'
import { normBack } from './averagePooling'
import { inputOf, outputOf, type BackwardContext, type Operator } from './operator'
import { resizeMap, type ResizedAxis, type ResizeForm } from './resizeMaps'
import { routeBack } from './routes/moved'

/** How a Resize that `upgrade` has brought to one form reads its input. */
export function resizeForm(node: Node): ResizeForm {
  const mode = stringOf(node, 'mode', 'nearest')
  return {
    mode: mode === 'linear' || mode === 'cubic' ? mode : 'nearest',
    coordinates: stringOf(node, 'coordinate_transformation_mode', 'half_pixel'),
    nearest: stringOf(node, 'nearest_mode', 'round_prefer_floor'),
    cubicCoefficient: floatOf(node, 'cubic_coeff_a', -0.75),
    excludeOutside: intOf(node, 'exclude_outside', 0) === 1,
    antialias: intOf(node, 'antialias', 0) === 1,
  }
}

/** The matrix of each axis that changes; null for the others, and a map of nothing where a place lies outside. */
export function resizeMaps(
  node: Node,
  { constants, shape }: Pick<Network, 'constants' | 'shape'>,
): (AxisMap | 'outside' | null)[] {
  const form = resizeForm(node)
  const [from, to] = [shape(inputOf(node)), shape(outputOf(node))]
  const floats = (at: number): Float32Array | null => {
    const tensor = constants.get(inputOf(node, at))
    return tensor && tensor.raw.length > 0 ? floatsOf(tensor) : null
  }
  const [roi, scales] = [floats(1), floats(2)]
  return from.map((size, axis) => {
    const resized: ResizedAxis = {
      from: size,
      to: to[axis] ?? size,
      scale: scales?.[axis] ?? (to[axis] ?? size) / size,
      crop: [roi?.[axis] ?? 0, roi?.[axis + from.length] ?? 1],
    }
    const whole = resized.crop[0] === 0 && resized.crop[1] === 1
    if (resized.to === size && resized.scale === 1 && whole) return null
    return resizeMap(form, resized) ?? 'outside'
  })
}

/** From the shape of the output to that of the input, one axis after the other, the shortest result first. */
function adjoint(
  node: Node,
  { builder, network, relevanceShape }: BackwardContext,
): (t: string) => string {
  const maps = resizeMaps(node, network).flatMap((map, axis) =>
    map === null || map === 'outside' ? [] : [{ axis, map: transposedMap(map) }],
  )
  const order = maps.toSorted((a, b) => a.map.rows / a.map.columns - b.map.rows / b.map.columns)
  return (t) => mapped(builder, t, relevanceShape(outputOf(node)), node, order)
}

function mapped(
  builder: GraphBuilder,
  t: string,
  shape: readonly number[],
  node: Node,
  maps: readonly { readonly axis: number; readonly map: AxisMap }[],
): string {
  let value = t
  let dims = shape
  for (const { axis, map } of maps) {
    value = alongAxis(builder, value, dims, axis, `resize:${node.name}:${axis}`, map)
    dims = dims.with(axis, map.rows)
  }
  return value
}

/** Nearest: a route, each element gets what its copies have. Otherwise `norm` over the weights. */
export const resize: Operator = {
  names: ['Resize', 'Upsample'],
  kind: 'rule',
  detail: 'norm (nearest: a route)',
  refuse: (node, facts) =>
    node.inputs.slice(1).every((value) => value === '' || facts.isConstant(value))
      ? null
      : 'its size must be constant',
  backward: (node, signal, context) => {
    const back = adjoint(node, context)
    if (resizeForm(node).mode === 'nearest') routeBack(node, signal, context, back)
    else normBack(node, signal, context, back)
  },
}
