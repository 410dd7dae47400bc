import type { GraphIndex } from '../onnx/graphIndex'
import { hardSigmoid } from './prepare/recognise/regions'

/** Functions whose output lies between 0 and 1: what they multiply, they let through. */
const gating = new Set(['Sigmoid', 'HardSigmoid', hardSigmoid])
/** They move or repeat a gate, or scale it by constants, or cut it off (a quantiser's range). */
const moving = new Set([
  'Clip',
  'Reshape',
  'Transpose',
  'Expand',
  'Tile',
  'Resize',
  'Upsample',
  'Squeeze',
  'Unsqueeze',
  'Flatten',
  'Identity',
  'Cast',
  'Slice',
  'Split',
  'Gather',
])

/**
 * Whether a value is the gate of a product (squeeze-and-excitation, gated units): a sigmoid or hard sigmoid,
 * perhaps moved or repeated on the way.
 */
export function isGate({ index }: { readonly index: GraphIndex }, value: string): boolean {
  let at = value
  for (;;) {
    const node = index.producer(at)
    if (!node) return false
    if (gating.has(node.operator)) return true
    if (!moving.has(node.operator)) return false
    at = node.inputs[0] ?? ''
  }
}
