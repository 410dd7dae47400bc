import { expect, test } from 'vitest'
import { packsWeights } from '../../../src/engine/lrp/packing'
import { floatTensor } from '../../../src/engine/onnx/elements'

/** One product of some rows with weights that are constant, or an activation. */
function network(operator: string, output: readonly number[], isConstant = true) {
  const node = { name: 'n', operator, domain: '', inputs: ['x', 'w'], outputs: ['y'], attributes: new Map() } // prettier-ignore
  const weights = floatTensor('w', [1, 1], Float32Array.of(1))
  return {
    nodes: [node],
    constants: new Map(isConstant ? [['w', weights]] : []),
    shape: () => output,
  }
}

test('weights are held twice where many rows meet them: tokens, samples or starts', () => {
  expect(packsWeights(network('Gemm', [1, 4096]), 1)).toBe(false)
  expect(packsWeights(network('Gemm', [1, 4096]), 5)).toBe(false)
  expect(packsWeights(network('Gemm', [8, 4096]), 1)).toBe(true)
  expect(packsWeights(network('Gemm', [2, 4096]), 4)).toBe(true)
  expect(packsWeights(network('MatMul', [1, 197, 768]), 1)).toBe(true)
})

test('what is no product with constant weights does not count', () => {
  expect(packsWeights(network('MatMul', [1, 197, 197], false), 1)).toBe(false)
  expect(packsWeights(network('Conv', [1, 64, 112, 112]), 1)).toBe(false)
})
