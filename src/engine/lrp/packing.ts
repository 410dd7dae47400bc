import { sizeOf, type Network } from './network'

/** Measured on VGG-16's dense layers: eight rows take half the time with rearranged weights, one or five the same. */
const fewestRows = 8

/**
 * Whether constant matrices meet so many rows (one per sample and start, or per token) that it is worth a second
 * copy of the weights, rearranged for it. A network's first dense layer may hold most of its weights, and
 * the way back reads them again: two copies more.
 */
export function packsWeights(
  network: Pick<Network, 'nodes' | 'constants' | 'shape'>,
  starts: number,
): boolean {
  return network.nodes.some(({ operator, inputs, outputs }) => {
    if (operator !== 'Gemm' && operator !== 'MatMul') return false
    const shape = network.shape(outputs[0] ?? '')
    return (
      network.constants.has(inputs[1] ?? '') && starts * sizeOf(shape.slice(0, -1)) >= fewestRows
    )
  })
}
