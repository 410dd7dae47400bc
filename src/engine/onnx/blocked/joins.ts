import { int, intOf } from '../attributes'
import { integersOf } from '../elements'
import type { Node } from '../model'
import type { Layout } from './layout'

/** Channels one behind another are blocks one behind another where each part fills whole blocks. */
export function concat(node: Node, layout: Layout): boolean {
  const [output = ''] = node.outputs
  if (node.operator !== 'Concat' || intOf(node, 'axis', 0) !== 1 || !layout.isWhole(output))
    return false
  if (!node.inputs.every((input) => layout.isWhole(input))) return false
  if (!node.inputs.some((input) => layout.isBlocked(input))) return false
  const inputs = node.inputs.map((input) => layout.blocked(input))
  layout.writeBlocked('Concat', inputs, output, { axis: int(1) })
  return true
}

/** A range of channels from one block's begin to another's. */
export function slice(node: Node, layout: Layout): boolean {
  const [input = '', ...bounds] = node.inputs
  const [output = ''] = node.outputs
  if (node.operator !== 'Slice' || !layout.isBlocked(input) || !layout.isWhole(output)) return false
  const [starts, ends, axes, steps] = bounds.map((bound) => {
    const tensor = layout.constant(bound)
    return tensor ? integersOf(tensor) : undefined
  })
  if (axes?.join(',') !== '1' || bounds.length !== 3 || steps) return false
  const [start = -1, end = -1] = [starts?.[0], ends?.[0]]
  if (start % layout.block !== 0 || end % layout.block !== 0 || start < 0 || end < 0) return false
  layout.writeBlocked('Slice', [layout.blocked(input), ...bounds], output)
  return true
}
