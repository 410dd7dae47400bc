import { handModel, node, tensor } from '../onnx/support/handModel'

/**
 * Of the mean grey p of 28×28 pixels, (p, −p) as `two` and (p, 2p, −3p) as `three`: nothing says which of them holds
 * the classes.
 */
export function twoOutputs(): Uint8Array {
  return handModel({
    nodes: [
      node('GlobalAveragePool', ['x'], 'p'),
      node('Flatten', ['p'], 'f'),
      node('Gemm', ['f', 'v'], 'two'),
      node('Gemm', ['f', 'w'], 'three'),
    ],
    tensors: [tensor('v', [1, 2], [1, -1]), tensor('w', [1, 3], [1, 2, -3])],
    dims: [null, 1, 28, 28],
    outputs: ['two', 'three'],
  })
}
