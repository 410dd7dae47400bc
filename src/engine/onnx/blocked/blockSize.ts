import { Tensor as OrtTensor } from 'onnxruntime-node'
import { DataType, type Model } from '../model'
import { openOrtSession } from '../ortSession'
import { writeModel } from '../write'

/** ONNX Runtime's own domain for tensors whose channels lie in blocks. */
export const blockedDomain = 'com.microsoft.nchwc'
export const blockedVersion = 1

let known: Promise<number> | undefined

/**
 * Channels that ONNX Runtime's kernels for this processor keep together: 16 with AVX-512, 8 with AVX; 1 where
 * it has no such kernels, or no such operators. Asked of ONNX Runtime itself: it pads four channels to one block.
 */
export function blockSize(): Promise<number> {
  known ??= ask().catch(() => 1)
  return known
}

async function ask(): Promise<number> {
  const dims = [1, 4, 1, 1]
  const session = await openOrtSession(
    { bytes: writeModel(probe(dims)), weights: [] },
    { provider: 'cpu', threads: 1, optimise: 'disabled', nodes: [] },
  )
  try {
    const results = await session.run({ x: new OrtTensor('float32', new Float32Array(4), dims) })
    return results['y']?.dims[1] ?? 1
  } finally {
    await session.release()
  }
}

function probe(dims: readonly number[]): Model {
  return {
    irVersion: 8,
    producer: 'pixelwise',
    opsets: new Map([
      ['', 17],
      [blockedDomain, blockedVersion],
    ]),
    graph: {
      name: 'block size',
      nodes: [
        {
          name: 'reorder',
          operator: 'ReorderInput',
          domain: blockedDomain,
          inputs: ['x'],
          outputs: ['y'],
          attributes: new Map(),
        },
      ],
      initializers: new Map(),
      inputs: [{ name: 'x', dataType: DataType.float, dims }],
      outputs: [{ name: 'y', dataType: DataType.float, dims: [null, null, null, null] }],
    },
  }
}
