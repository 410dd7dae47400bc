import { Tensor as OrtTensor } from 'onnxruntime-node'
import { describe, expect, test } from 'vitest'
import { blockSize, blockedDomain, blockedVersion } from '../../../../src/engine/onnx/blocked/blockSize' // prettier-ignore
import {
  blockBoth,
  blockConstant,
  blocked,
  blockOutputs,
  blockVector,
} from '../../../../src/engine/onnx/blocked/weights'
import { DataType } from '../../../../src/engine/onnx/model'
import { openOrtSession } from '../../../../src/engine/onnx/ortSession'
import { writeModel } from '../../../../src/engine/onnx/write'
import { noise } from '../../lrp/support/smallNetwork'

/** Blocks of 2, and three channels: one is missing. */
const b = 2

/** Numbers whose digits say where they are, from 1: output, input, tap. */
function digits(first: number, second: number, third: number): Float32Array {
  const values: number[] = []
  for (let i = 1; i <= first; i++)
    for (let j = 1; j <= second; j++)
      for (let k = 1; k <= third; k++) values.push(100 * i + 10 * j + k)
  return Float32Array.from(values)
}

describe('weights in blocks of two', () => {
  test('channels are rounded up to whole blocks', () => {
    expect([1, 2, 3, 4].map((channels) => blocked(channels, b))).toEqual([2, 2, 4, 4])
  })

  test('both kinds of channels', () => {
    // [O/2, I/2, taps, 2 of I, 2 of O]: the outputs of a block lie next to each other.
    const { dims, values } = blockBoth(digits(3, 3, 2), [3, 3, 1, 2], b)
    expect(dims).toEqual([4, 4, 1, 2])
    expect([...values]).toEqual([
      // Outputs 1 and 2: inputs 1 and 2 at tap 1, then at tap 2; input 3 and none at either.
      ...[111, 211, 121, 221, 112, 212, 122, 222],
      ...[131, 231, 0, 0, 132, 232, 0, 0],
      // Output 3 and none.
      ...[311, 0, 321, 0, 312, 0, 322, 0],
      ...[331, 0, 0, 0, 332, 0, 0, 0],
    ])
  })

  test('of outputs alone', () => {
    // [O/2, I, taps, 2 of O].
    const { dims, values } = blockOutputs(digits(3, 2, 2), [3, 2, 1, 2], b)
    expect(dims).toEqual([4, 2, 1, 2])
    expect([...values]).toEqual([
      ...[111, 211, 112, 212, 121, 221, 122, 222],
      ...[311, 0, 312, 0, 321, 0, 322, 0],
    ])
  })

  test('a number for each channel', () => {
    expect([...blockVector(Float32Array.of(1, 2, 3), b)]).toEqual([1, 2, 3, 0])
    expect([...blockVector(Float32Array.of(1, 2), b)]).toEqual([1, 2])
  })

  test('a constant image', () => {
    // [N, C/2, positions, 2 of C]; digits are sample, channel, position.
    const whole = blockConstant(digits(2, 2, 3), [2, 2, 3, 1], b)
    expect(whole.dims).toEqual([2, 2, 3, 1])
    expect([...whole.values]).toEqual([
      ...[111, 121, 112, 122, 113, 123],
      ...[211, 221, 212, 222, 213, 223],
    ])
    // Each sample has its own missing channel.
    const odd = blockConstant(digits(2, 3, 2), [2, 3, 1, 2], b)
    expect(odd.dims).toEqual([2, 4, 1, 2])
    expect([...odd.values]).toEqual([
      ...[111, 121, 112, 122, 131, 0, 132, 0],
      ...[211, 221, 212, 222, 231, 0, 232, 0],
    ])
  })
})

const block = await blockSize()

describe.skipIf(block === 1)('ONNX Runtime’s own blocks (skipped where it has none)', () => {
  test.each([1, 1.5, 2, 2.5])('%d of them', async (blocks) => {
    const dims = [3, blocks * block, 2, 3]
    const image = noise(1, 3 * blocks * block * 6)
    const session = await openOrtSession(
      { bytes: writeModel(reorder(dims)), weights: [] },
      { provider: 'cpu', threads: 1, optimise: 'disabled', nodes: [] },
    )
    const { y } = await session.run({ x: new OrtTensor('float32', image, dims) })
    await session.release()
    const ours = blockConstant(image, dims, block)
    expect(y?.dims).toEqual(ours.dims)
    expect(y?.data).toEqual(ours.values)
  })
})

const reorder = (dims: readonly number[]) => ({
  irVersion: 8,
  producer: 'test',
  opsets: new Map([
    ['', 17],
    [blockedDomain, blockedVersion],
  ]),
  graph: {
    name: 'reorder',
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
    outputs: [{ name: 'y', dataType: 0, dims: [] }],
  },
})
