import { intOf } from '../onnx/attributes'
import { integersOf } from '../onnx/elements'
import type { Node } from '../onnx/model'
import type { Network } from './network'

/** Which channels of a node's input make those of its output. */
export interface ChannelsRead {
  /** The channels' axis at the input; null where it is not known. */
  readonly axis: number | null
  /** Their places along it, in the order of the output; null for all, as they are. */
  readonly channels: readonly number[] | null
}

/**
 * What Gather and Slice do to the channels: they take some of them, or turn them round.
 * @param axis the channels' axis at `value`, the node's output; null where it was lost.
 * @returns null for other nodes, and where the bounds are not constant.
 */
export function channelsRead(
  network: Network,
  node: Node,
  value: string,
  axis: number | null,
): ChannelsRead | null {
  const [x = '', second = ''] = node.inputs
  // A table that the pixels pick from has no lowest and highest input.
  if (network.constants.has(x)) return null
  const shape = network.shape(x)
  const integers = (name: string): number[] | null => {
    const tensor = network.constants.get(name)
    return tensor ? integersOf(tensor) : null
  }
  const stated = (intOf(node, 'axis', 0) + shape.length) % shape.length
  const size = (at: number): number => shape[at] ?? 0
  switch (node.operator) {
    case 'Gather': {
      const indices = integers(second)
      if (!indices) return null
      const channels = indices.map((index) => (index + size(stated)) % size(stated))
      if (network.constants.get(second)?.dims.length !== 0) {
        return axis === stated ? { axis, channels } : { axis, channels: null }
      }
      // One index takes its axis away: that of the channels, where the output has none.
      if (axis === null) return { axis: stated, channels }
      return { axis: axis < stated ? axis : axis + 1, channels: null }
    }
    case 'Slice': {
      const starts = integers(second)
      if (!starts) return null
      const axes = integers(node.inputs[3] ?? '') ?? starts.map((_, at) => at)
      const place = axes.findIndex((at) => (at + shape.length) % shape.length === axis)
      if (axis === null || place < 0) return { axis, channels: null }
      const step = integers(node.inputs[4] ?? '')?.[place] ?? 1
      const start = starts[place] ?? 0
      const fromFront = start < 0 ? start + size(axis) : start
      const first = Math.min(Math.max(fromFront, 0), step < 0 ? size(axis) - 1 : size(axis))
      const count = network.shape(value)[axis] ?? 0
      return { axis, channels: Array.from({ length: count }, (_, c) => first + c * step) }
    }
    default:
      return null
  }
}
