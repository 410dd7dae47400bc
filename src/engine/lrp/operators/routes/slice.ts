import { integersOf } from '../../../onnx/elements'
import type { Node } from '../../../onnx/model'
import { inputOf, outputOf, type BackwardContext, type Operator } from '../operator'
import { embed, type Places } from './embed'
import { routeBack } from './moved'

/** What was cut off has been read by nobody else, and gets zero. */
export const slice: Operator = {
  names: ['Slice'],
  kind: 'route',
  detail: 'back to its place',
  refuse: (node, facts) =>
    node.inputs.slice(1).every((bound) => bound === '' || facts.isConstant(bound))
      ? null
      : 'its bounds must be constant',
  backward: (node, signal, context) => {
    const { builder, relevanceShape } = context
    const places = placesOf(node, context)
    const dims = relevanceShape(outputOf(node))
    routeBack(node, signal, context, (t) => embed(builder, t, dims, places))
  },
}

/** Axes and starts may count from the end; what starts outside of an axis starts at its end. */
function placesOf(node: Node, { network }: BackwardContext): Places[] {
  const shape = network.shape(inputOf(node))
  const output = network.shape(outputOf(node))
  const integers = (at: number): number[] | null => {
    const tensor = network.constants.get(inputOf(node, at))
    return tensor ? integersOf(tensor) : null
  }
  const [starts, axes, steps] = [integers(1), integers(3), integers(4)]
  if (!starts) throw new Error(`${node.name} has no constant bounds`)
  return starts.map((start, at) => {
    const axis = ((axes?.[at] ?? at) + shape.length) % shape.length
    const size = shape[axis] ?? 0
    const step = steps?.[at] ?? 1
    const fromFront = start < 0 ? start + size : start
    const first = Math.min(Math.max(fromFront, 0), step < 0 ? size - 1 : size)
    return { axis, first, step, count: output[axis] ?? 0, size }
  })
}
