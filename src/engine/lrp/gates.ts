import type { GraphIndex } from '../onnx/graphIndex'
import { stopping } from './piecewiseConstant'
import { hardSigmoid } from './prepare/recognise/regions'

/** Functions whose output lies between 0 and 1: what they multiply, they let through. */
const gating = new Set<string>(['Sigmoid', 'HardSigmoid', hardSigmoid])
/** Piecewise constant functions, such as the condition of a mask: nothing could pass them anyway. */
const switching = new Set(stopping)
/** They move or repeat a gate, or scale it by constants, or cut it off (a quantiser's range). */
const moving = new Set([
  'Clip', 'Reshape', 'Transpose', 'Expand', 'Tile', 'Resize', 'Upsample', 'Squeeze', 'Unsqueeze', 'Flatten', 'Identity',
  'Cast', 'Slice', 'Split', 'Gather', 'GatherElements', 'GatherND', 'DepthToSpace', 'SpaceToDepth',
]) // prettier-ignore

/**
 * Whether a value is the gate of a product (squeeze-and-excitation, gated units): a sigmoid or hard sigmoid,
 * perhaps moved or repeated on the way, or a mask that the network computes.
 */
export function isGate({ index }: { readonly index: GraphIndex }, value: string): boolean {
  let at = value
  for (;;) {
    const node = index.producer(at)
    if (!node) return false
    if (gating.has(node.operator) || switching.has(node.operator)) return true
    if (!moving.has(node.operator)) return false
    at = node.inputs[0] ?? ''
  }
}
