import { intOf, stringOf } from '../attributes'
import { floatsOf } from '../elements'
import { DataType, type Node } from '../model'
import { blockedDomain } from './blockSize'
import { gatherPositions } from './gather'
import type { Layout } from './layout'

const pools = new Set(['MaxPool', 'AveragePool', 'GlobalMaxPool', 'GlobalAveragePool'])

/** Writes a pooling in blocks where its input is; false where that cannot be. */
export function pooling(node: Node, layout: Layout): boolean {
  const [input = ''] = node.inputs
  const [output = '', ...others] = node.outputs
  if (!pools.has(node.operator) || others.some((name) => name !== '')) return false
  if (!layout.isBlocked(input) || !layout.isWhole(output)) return false
  // The kernel for blocks counts what hangs over beyond the padding as well.
  if (intOf(node, 'ceil_mode', 0) === 1 && intOf(node, 'count_include_pad', 0) === 1) return false
  layout.writeBlocked(
    node.operator,
    [layout.blocked(input)],
    output,
    node.attributes,
    blockedDomain,
  )
  return true
}

/** Writes a repetition of each element in blocks where its input is; false where that cannot be. */
export function resize(node: Node, layout: Layout): boolean {
  const [input = '', , scales = ''] = node.inputs
  const [output = ''] = node.outputs
  const repeats =
    node.operator === 'Resize' &&
    stringOf(node, 'mode', 'nearest') === 'nearest' &&
    stringOf(node, 'coordinate_transformation_mode', 'half_pixel') === 'asymmetric' &&
    stringOf(node, 'nearest_mode', 'round_prefer_floor') === 'floor'
  const tensor = layout.constant(scales)
  if (!repeats || !layout.isBlocked(input) || !layout.isWhole(output)) return false
  if (tensor?.dataType !== DataType.float) return false
  const factors = [...floatsOf(tensor)]
  if (factors.length !== 4 || factors[0] !== 1 || factors[1] !== 1) return false
  if (!factors.every((factor) => Number.isInteger(factor))) return false
  const [from, to] = [layout.image(input), layout.image(output)]
  if (!from || !to) return false
  const [, , rows = 1, columns = 1] = factors
  const parts = { names: [layout.blocked(input)], count: 1, size: from[2] * from[3] }
  gatherPositions(layout, parts, output, to, (y, x) => ({
    part: 0,
    at: Math.floor(y / rows) * from[3] + Math.floor(x / columns),
  }))
  return true
}

/** Writes channels that become positions, [N, k · k, C, h, w] → [N, C, h · k, w · k], in blocks where they are. */
export function depthToSpace(node: Node, layout: Layout): boolean {
  const [input = ''] = node.inputs
  const [output = ''] = node.outputs
  const [from, to] = [layout.image(input), layout.image(output)]
  const side = intOf(node, 'blocksize', 1)
  if (node.operator !== 'DepthToSpace' || stringOf(node, 'mode', 'DCR') !== 'DCR') return false
  if (!from || !to || !layout.isBlocked(input) || !layout.isWhole(output)) return false
  const parts = { names: [layout.blocked(input)], count: side * side, size: from[2] * from[3] }
  gatherPositions(layout, parts, output, to, (y, x) => ({
    part: (y % side) * side + (x % side),
    at: Math.floor(y / side) * from[3] + Math.floor(x / side),
  }))
  return true
}
