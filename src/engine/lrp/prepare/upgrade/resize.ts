import { intOf, intsOf, string, stringOf } from '../../../onnx/attributes'
import { floatsOf } from '../../../onnx/elements'
import type { Node } from '../../../onnx/model'
import { ownPrefix } from '../../../onnx/names'
import { floatTensor } from '../../../onnx/elements'
import { sizeOf, type NetworkNode } from '../../network'
import { resizeMaps } from '../../operators/resize'
import { NodeWriter } from '../nodeWriter'
import {
  integerConstant,
  listInput,
  only,
  shapeOf,
  type Upgrade,
  type Upgrading,
} from './upgrading'
import { NodeRefusal } from '../../nodeRefusal'

/** What of a Resize decides where its numbers come from. */
const kept = [
  'mode', 'coordinate_transformation_mode', 'nearest_mode', 'cubic_coeff_a', 'exclude_outside', 'antialias',
] // prettier-ignore

const coordinatesOf17 = new Set(['half_pixel', 'pytorch_half_pixel', 'align_corners', 'asymmetric', 'tf_crop_and_resize']) // prettier-ignore

/**
 * One form for Upsample-7 and -9 and Resize-10 to -19: Resize with a scale or a size for every axis. What opset 17
 * cannot do (antialiasing, older roundings, coordinates symmetric about the middle, kept proportions) is
 * written out as a matrix for each axis.
 */
export const resized: Upgrade = (node, to) => {
  const [input = ''] = node.inputs
  const old = node.operator === 'Upsample' || to.opset < 11
  const attributes = only(node, kept)
  if (stringOf(node, 'mode', 'nearest') === 'bilinear') attributes.set('mode', string('linear'))
  if (old) {
    attributes.set('coordinate_transformation_mode', string('asymmetric'))
    attributes.set('nearest_mode', string('simple'))
  }
  const constant = (key: string, values: readonly number[]): string => {
    const name = `${ownPrefix}${node.name}:${key}`
    to.draft.constants.set(name, floatTensor(name, [values.length], Float32Array.from(values)))
    return name
  }
  const crop = old ? null : cropOf(node, to)
  const scales = scalesOf(node, to, old)
  const sizes = shapeOf(node.outputs[0], to)
  const inputs = [
    input,
    crop ? constant('roi', crop) : '',
    ...(scales ? [constant('scales', scales)] : ['', listInput(node, 'sizes', sizes, to)]),
  ]
  const whole: NetworkNode = { ...node, operator: 'Resize', inputs, attributes }
  const maps = mapsOf(whole, to)
  if (maps.includes('outside')) {
    throw new NodeRefusal(
      node,
      'reads places outside of its input, for which there is no rule',
      'Export it with another coordinate transformation.',
    )
  }
  if (isOf17(whole, scales !== null && sizesAsked(node, old))) {
    return [{ ...whole, attributes: only(whole, kept.slice(0, -1)) }]
  }
  return [{ ...whole, members: writtenOut(whole, to) }]
}

function mapsOf(node: Node, to: Upgrading): ReturnType<typeof resizeMaps> {
  const { constants } = to.draft
  return resizeMaps(node, { constants, shape: (value) => shapeOf(value, to) })
}

/** Whether opset 17 has it. @param keeps its proportions: one scale for all, beside the sizes. */
function isOf17(node: Node, keeps: boolean): boolean {
  return (
    !keeps &&
    intOf(node, 'antialias', 0) === 0 &&
    stringOf(node, 'nearest_mode', '') !== 'simple' &&
    coordinatesOf17.has(stringOf(node, 'coordinate_transformation_mode', 'half_pixel'))
  )
}

function sizesAsked(node: Node, old: boolean): boolean {
  return !old && (node.inputs[3] ?? '') !== ''
}

/** One matrix product for each axis that changes, the smallest result first. */
function writtenOut(node: NetworkNode, to: Upgrading): NetworkNode[] {
  const w = new NodeWriter(node, to.draft)
  let [value = ''] = node.inputs
  const steps = mapsOf(node, to).flatMap((map, axis) =>
    map === null || map === 'outside' ? [] : [{ axis, map }],
  )
  const order = steps.toSorted((a, b) => a.map.rows / a.map.columns - b.map.rows / b.map.columns)
  for (const { axis, map } of order) {
    const shape = w.shape(value)
    const matrix = w.floats(`axis ${axis}`, [map.rows, map.columns], map.values)
    const outer = sizeOf(shape.slice(0, axis))
    const inner = sizeOf(shape.slice(axis + 1))
    const flat = w.reshape(value, [outer, map.columns, inner])
    const product = w.op('MatMul', [matrix, flat], {}, [outer, map.rows, inner])
    value = w.reshape(product, shape.with(axis, map.rows))
  }
  return w.finish(value)
}

/**
 * A scale for every axis: as stated, or one for all where a size is asked for and the proportions are kept; null
 * where each axis just takes the size.
 */
function scalesOf(node: Node, to: Upgrading, old: boolean): number[] | null {
  const [input = '', second = '', third = '', sizesInput = ''] = node.inputs
  const shape = shapeOf(input, to)
  const all = shape.map((_, axis) => axis)
  const axes = (intsOf(node, 'axes') ?? all).map((axis) => (axis + shape.length) % shape.length)
  const scales = all.map(() => 1)
  if (!sizesAsked(node, old)) {
    const stated = statedScales(node, old ? second : third, to)
    for (const [at, axis] of axes.entries()) scales[axis] = stated[at] ?? 1
    return scales
  }
  const policy = stringOf(node, 'keep_aspect_ratio_policy', 'stretch')
  if (policy === 'stretch') return null
  const sizes = integerConstant(node, sizesInput, to)
  const each = axes.map((axis, at) => Math.fround((sizes[at] ?? 1) / (shape[axis] ?? 1)))
  const common = policy === 'not_larger' ? Math.min(...each) : Math.max(...each)
  for (const axis of axes) scales[axis] = common
  return scales
}

function statedScales(node: Node, value: string, { draft }: Upgrading): readonly number[] {
  const attribute = node.attributes.get('scales')
  if (attribute?.kind === 'floats') return attribute.value
  const tensor = draft.constants.get(value)
  return tensor && tensor.raw.length > 0 ? [...floatsOf(tensor)] : []
}

/** The part of every axis that is cut out: all starts, then all ends; null where nothing is. */
function cropOf(node: Node, to: Upgrading): number[] | null {
  if (stringOf(node, 'coordinate_transformation_mode', '') !== 'tf_crop_and_resize') return null
  const shape = shapeOf(node.inputs[0], to)
  const tensor = to.draft.constants.get(node.inputs[1] ?? '')
  const stated = tensor && tensor.raw.length > 0 ? [...floatsOf(tensor)] : []
  const axes = intsOf(node, 'axes') ?? shape.map((_, axis) => axis)
  const roi = [...shape.map(() => 0), ...shape.map(() => 1)]
  for (const [at, axis] of axes.entries()) {
    const front = (axis + shape.length) % shape.length
    roi[front] = stated[at] ?? 0
    roi[front + shape.length] = stated[at + axes.length] ?? 1
  }
  return roi
}
