import { int, intsOf } from '../../../onnx/attributes'
import { integersOf } from '../../../onnx/elements'
import type { Node } from '../../../onnx/model'
import { sizeOf, type NetworkNode } from '../../network'
import { NodeWriter, type Draft } from '../nodeWriter'
import { madeBy, regionOf, reshaping, softmax, type Region, type Workspace } from './regions'

/** All numbers that they add up are exponentials, so that both mean the same. */
const adding = new Set(['ReduceSum', 'ReduceL1'])
const exponential = new Set(['Exp'])
const reciprocal = new Set(['Reciprocal'])
const subtracting = new Set(['Sub'])
const largest = new Set(['ReduceMax'])

/**
 * e / Σe or e · (1 / Σe) with e = exp(x) or exp(x − max x), written out; null where `end` does not end one.
 */
export function softmaxBefore(end: NetworkNode, work: Workspace): Region | null {
  if (end.domain !== '') return null
  const [first = '', second = ''] = end.inputs
  if (end.operator === 'Div') return softmaxOf(first, [second, []], end, work)
  if (end.operator !== 'Mul') return null
  for (const [power = '', inverted = ''] of [end.inputs, end.inputs.toReversed()]) {
    const inverse = madeBy(inverted, reciprocal, work, reshaping)
    const sum = inverse?.[0].inputs[0]
    const found = inverse && softmaxOf(power, [sum ?? '', inverse], end, work)
    if (found) return found
  }
  return null
}

function softmaxOf(
  power: string,
  [sum, between]: readonly [string, readonly NetworkNode[]],
  end: NetworkNode,
  work: Workspace,
): Region | null {
  const e = madeBy(power, exponential, work)
  const total = sumOfExponentials(sum, work)
  if (!e || !total || total.exponential !== e[0]) return null
  const { source, nodes } = unshifted(e[0].inputs[0] ?? '', work)
  return regionOf(source, [...nodes, ...e, ...total.nodes, ...between, end], work)
}

/** The exponentials that a value is the sum of, and what lies from them to it. */
export function sumOfExponentials(
  value: string,
  work: Workspace,
): { readonly exponential: NetworkNode; readonly nodes: readonly NetworkNode[] } | null {
  const sum = madeBy(value, adding, work, reshaping)
  const e = sum && madeBy(sum[0].inputs[0] ?? '', exponential, work)
  return e && { exponential: e[0], nodes: [...e, ...sum] }
}

/** x of x − max x, and any other value itself: subtracting the largest changes nothing but what overflows. */
export function unshifted(
  value: string,
  work: Workspace,
): { readonly source: string; readonly nodes: readonly NetworkNode[] } {
  const shifted = madeBy(value, subtracting, work)
  const [source = '', subtracted = ''] = shifted?.[0].inputs ?? []
  const max = madeBy(subtracted, largest, work, reshaping)
  return shifted && max && max[0].inputs[0] === source
    ? { source, nodes: [...max, ...shifted] }
    : { source: value, nodes: [] }
}

/** A softmax that was written out as ONNX's own. */
export function softmaxForm(node: NetworkNode, draft: Draft): NetworkNode[] {
  if (node.operator !== softmax) return [node]
  const [x = ''] = node.inputs
  const w = new NodeWriter(node, draft)
  const shape = w.shape(x)
  const axes = axesOf(node, shape.length, draft)
  if (axes.length === 1) return w.finish(w.op('Softmax', [x], { axis: int(axes[0] ?? 0) }))
  // Over several axes at once: as one, behind the others.
  const others = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis))
  const order = [...others, ...axes]
  const moved = w.transpose(x, order)
  const together = w.reshape(moved, [
    ...others.map((axis) => shape[axis] ?? 1),
    sizeOf(axes.map((axis) => shape[axis] ?? 1)),
  ])
  const apart = w.reshape(w.op('Softmax', [together], { axis: int(-1) }), w.shape(moved))
  return w.finish(
    w.transpose(
      apart,
      order.map((_, axis) => order.indexOf(axis)),
    ),
  )
}

/** The axes that the sum runs over; all where none are stated. */
function axesOf(node: NetworkNode, rank: number, { constants }: Draft): number[] {
  const sum = node.members?.find((member: Node) => adding.has(member.operator))
  const stated = constants.get(sum?.inputs[1] ?? '')
  const axes = (sum && intsOf(sum, 'axes')) ?? (stated ? integersOf(stated) : [])
  const all = Array.from({ length: rank }, (_, axis) => axis)
  return axes.length === 0
    ? all
    : axes.map((axis) => (axis + rank) % rank).toSorted((a, b) => a - b)
}
