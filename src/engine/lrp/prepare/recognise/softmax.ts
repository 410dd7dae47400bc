import { int, intsOf } from '../../../onnx/attributes'
import { integersOf } from '../../../onnx/elements'
import type { Node } from '../../../onnx/model'
import { sizeOf, type NetworkNode } from '../../network'
import { NodeWriter, type Draft } from '../nodeWriter'
import { softmax, type Region, type Workspace } from './regions'

/** All numbers that they add up are exponentials, so that both mean the same. */
const adding = new Set(['ReduceSum', 'ReduceL1'])

/** e / Σe or e · (1 / Σe) with e = exp(x) or exp(x − max x), written out; null where `end` does not end one. */
export function softmaxBefore(end: NetworkNode, work: Workspace): Region | null {
  const made = (value: string, operator: (name: string) => boolean): NetworkNode | null => {
    const node = work.index.producer(value)
    return node?.domain === '' && operator(node.operator) ? node : null
  }
  const [first = '', second = ''] = end.inputs
  if (end.domain !== '' || (end.operator !== 'Div' && end.operator !== 'Mul')) return null
  const exponential = made(first, (name) => name === 'Exp')
  const inverse = end.operator === 'Mul' ? made(second, (name) => name === 'Reciprocal') : null
  if (!exponential || (end.operator === 'Mul' && !inverse)) return null
  const sum = made(inverse?.inputs[0] ?? second, (name) => adding.has(name))
  if (!sum || sum.inputs[0] !== first) return null
  const nodes = new Set([exponential, sum, ...(inverse ? [inverse] : []), end])
  const source = exponential.inputs[0] ?? ''
  // Subtracting the largest changes nothing but what overflows.
  const shifted = made(source, (name) => name === 'Sub')
  const largest = made(shifted?.inputs[1] ?? '', (name) => name === 'ReduceMax')
  if (!shifted || !largest || largest.inputs[0] !== shifted.inputs[0]) return { source, nodes }
  return { source: shifted.inputs[0] ?? '', nodes: new Set([largest, shifted, ...nodes]) }
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
