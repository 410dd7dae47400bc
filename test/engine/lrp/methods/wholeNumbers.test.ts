import { describe, expect, test } from 'vitest'
import { int } from '../../../../src/engine/onnx/attributes'
import { DataType } from '../../../../src/engine/onnx/model'
import { handModel, node, tensor } from '../../onnx/support/handModel'
import { expectClose, explainOnce, measure } from './small'

/** z = (1, 2, 3) · x + 4 over three pixels that are bytes. */
const bytes = handModel({
  dims: [1, 1, 1, 3],
  dataType: DataType.uint8,
  nodes: [
    node('Cast', ['x'], 'c', { to: int(DataType.float) }),
    node('Flatten', ['c'], 'f'),
    node('Gemm', ['f', 'w', 'b'], 'y'),
  ],
  tensors: [tensor('w', [3, 1], [1, 2, 3]), tensor('b', [1], [4])],
})
const input = [10, 20, 31]

describe('a model that takes whole numbers', () => {
  test.each(['integrated-gradients', 'taylor'] as const)(
    '%s looks between them',
    async (method) => {
      // f(x) = 147 and f(0) = 4 have one sign: Taylor's root lies along the gradient, at a fraction.
      const found = await explainOnce(bytes, { method }, input, [1])
      const sum = found.relevance.reduce((total, value) => total + value, 0)
      expect(sum).toBeCloseTo(method === 'taylor' ? 147 : 143, 3)
    },
  )

  test('and so does SmoothGrad', async () => {
    const found = await explainOnce(bytes, { method: 'smoothgrad' }, input, [1])
    expectClose(found.relevance, [1, 2, 3])
    expect(measure(found, 'standard deviation')).toBeCloseTo(2.1, 6)
  })

  test('occlusion rounds its baseline', async () => {
    // The mean is 61/3, rounded 20: drops 1 · (10 − 20), 2 · 0, 3 · 11.
    const parameters = { baseline: 'mean', patch: 1 } as const
    const found = await explainOnce(bytes, { method: 'occlusion', parameters }, input, [1])
    expectClose(found.relevance, [-10, 0, 33], 1e-4)
  })

  test.each(['integrated-gradients', 'smoothgrad', 'taylor', 'occlusion'] as const)(
    '%s refuses an input that is none',
    async (method) => {
      await expect(explainOnce(bytes, { method }, [10, 20.5, 31], [1])).rejects.toThrow(
        /whole numbers from 0 to 255, but was given 20.5/,
      )
    },
  )
})
