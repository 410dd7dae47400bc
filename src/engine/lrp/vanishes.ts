import { floatsOf } from '../onnx/elements'
import type { Network } from './network'

/**
 * Whether a carrier is 0 wherever z ≤ 0: it is z behind a ReLU or behind a Clip that starts at 0.
 * Then so is the relevance, and z's sign is known where it matters.
 */
export function vanishesBelowZero(network: Network, carrier: string | null, z: string): boolean {
  const node = carrier === null ? null : network.index.producer(carrier)
  if (!node || node.inputs[0] !== z) return false
  if (node.operator === 'Relu') return true
  if (node.operator !== 'Clip') return false
  const low = network.constants.get(node.inputs[1] ?? '')
  // A bound from above below zero would win over the one from below.
  return low !== undefined && floatsOf(low)[0] === 0 && network.nonNegative.has(carrier ?? '')
}

/**
 * What is z wherever the relevance is not 0, where it is 0 for every z ≤ 0: what a ReLU makes of z, which need not
 * keep z itself, or z behind a Clip, which may cut z off from above. Null where relevance may be anywhere.
 */
export function rectifiedOf(network: Network, carrier: string | null, z: string): string | null {
  if (!vanishesBelowZero(network, carrier, z)) return null
  const isRelu = carrier !== null && network.index.producer(carrier)?.operator === 'Relu'
  return isRelu ? carrier : z
}
