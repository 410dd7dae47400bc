import { int, intOf } from '../attributes'
import { integersOf } from '../elements'
import type { Node } from '../model'
import { gatherPositions } from './gather'
import type { Layout } from './layout'

/** Channels one behind another are blocks one behind another where each part fills whole blocks. */
export function concat(node: Node, layout: Layout): boolean {
  const [output = ''] = node.outputs
  if (node.operator !== 'Concat' || intOf(node, 'axis', 0) !== 1 || !layout.isWhole(output))
    return false
  if (!node.inputs.every((input) => layout.isWhole(input) && layout.canBlock(input))) return false
  if (!node.inputs.some((input) => layout.isBlocked(input))) return false
  const inputs = node.inputs.map((input) => layout.blocked(input))
  layout.writeBlocked('Concat', inputs, output, { axis: int(1) })
  return true
}

/** A range of channels from one block's begin to another's, or every so many positions. */
export function slice(node: Node, layout: Layout): boolean {
  const [input = '', ...bounds] = node.inputs
  const [output = ''] = node.outputs
  const [from, to] = [layout.image(input), layout.image(output)]
  if (node.operator !== 'Slice' || !layout.isBlocked(input) || !layout.isWhole(output)) return false
  const [starts, ends, axes, steps] = bounds.map((bound) => {
    const tensor = layout.constant(bound)
    return tensor ? integersOf(tensor) : undefined
  })
  const [start = -1, second = -1] = starts ?? []
  if (axes?.join(',') === '1' && bounds.length === 3) {
    const [end = -1] = ends ?? []
    if (start % layout.block !== 0 || end % layout.block !== 0 || start < 0 || end < 0) return false
    layout.writeBlocked('Slice', [layout.blocked(input), ...bounds], output)
    return true
  }
  const [stepY = 0, stepX = 0] = steps ?? []
  if (axes?.join(',') !== '2,3' || !from || !to || start < 0 || second < 0) return false
  if (stepY < 1 || stepX < 1) return false
  const parts = { names: [layout.blocked(input)], count: 1, size: from[2] * from[3] }
  gatherPositions(layout, parts, output, to, (y, x) => ({
    part: 0,
    at: (start + y * stepY) * from[3] + second + x * stepX,
  }))
  return true
}
