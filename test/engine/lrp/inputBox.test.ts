import { expect, test } from 'vitest'
import { int, ints } from '../../../src/engine/onnx/attributes'
import { int64Tensor } from '../../../src/engine/onnx/elements'
import { createExplainer } from '../../../src/engine/lrp/explainer'
import { relativeL2 } from '../../support/npy'
import { noise, SmallNetwork } from './support/smallNetwork'

const sampleShape = [3, 5, 5]
const low = [-1, -2, -3]
const high = [1, 2, 3]
/** What the network does to the pixels first turns RGB into BGR. */
const turned = [2, 1, 0]

/** One convolution of the pixels, which `turn` has turned round, whose weights are turned round as well. */
function behind(turn: ((net: SmallNetwork) => string) | null): Uint8Array {
  const net = new SmallNetwork(sampleShape)
  const weights = noise(3, 2 * 3 * 9)
  const order = turn === null ? [0, 1, 2] : turned
  const inOrder = Array.from({ length: 2 * 3 * 9 }, (_, at) => {
    const [out, c, tap] = [Math.floor(at / 27), Math.floor(at / 9) % 3, at % 9]
    return weights[out * 27 + (order[c] ?? 0) * 9 + tap] ?? 0
  })
  const pixels = turn === null ? 'input' : turn(net)
  let x = net.node('Conv', [
    pixels,
    net.floats('w', [2, 3, 3, 3], inOrder),
    net.floats('b', [2], [0.1, -0.2]),
  ])
  x = net.node('Flatten', [net.node('Relu', [x])])
  x = net.node('Gemm', [x, net.floats('v', [18, 2], noise(4, 36))])
  return net.finish(x)
}

async function boxed(bytes: Uint8Array): Promise<Float32Array> {
  const parameters = { low, high }
  const method = 'epsilon-gamma-box'
  const explainer = await createExplainer(bytes, { method, parameters, start: 'unit', batch: 1 })
  const { relevance } = await explainer.run(noise(5, 75), Float32Array.of(0, 1))
  await explainer.release()
  return relevance
}

function scalar(net: SmallNetwork, value: number): string {
  return net.node('Constant', [], {
    value: { kind: 'tensor', value: int64Tensor('', [], [value]) },
  })
}

const ways: Readonly<Record<string, (net: SmallNetwork) => string>> = {
  'a Gather of all channels': (net) =>
    net.node('Gather', ['input', net.integers('order', turned)], { axis: int(1) }),
  'a Slice that goes backwards': (net) =>
    net.node('Slice', [
      'input',
      net.integers('starts', [-1]),
      net.integers('ends', [-4]),
      net.integers('axes', [1]),
      net.integers('steps', [-1]),
    ]),
  'a Slice of each channel': (net) => {
    const channel = (c: number): string =>
      net.node('Slice', [
        'input',
        net.integers(`from ${c}`, [c]),
        net.integers(`to ${c}`, [c + 1]),
        net.integers(`axes of ${c}`, [1]),
      ])
    return net.node('Concat', turned.map(channel), { axis: int(1) })
  },
  'a Gather of each channel': (net) => {
    const channel = (c: number): string =>
      net.node('Unsqueeze', [
        net.node('Gather', ['input', scalar(net, c)], { axis: int(1) }),
        net.integers(`axes of ${c}`, [1]),
      ])
    return net.node('Concat', turned.map(channel), { axis: int(1) })
  },
  'channels last, and back': (net) => {
    const last = net.node('Transpose', ['input'], { perm: ints([0, 2, 3, 1]) })
    const swapped = net.node('Gather', [last, net.integers('order', turned)], { axis: int(-1) })
    return net.node('Transpose', [swapped], { perm: ints([0, 3, 1, 2]) })
  },
}

test.each(Object.keys(ways))('the box follows the channels through %s', async (way) => {
  const plain = await boxed(behind(null))
  const other = await boxed(behind(ways[way] ?? null))
  // The same products of pixels and weights, and for each pixel the bounds of its own channel.
  expect(relativeL2(other, plain)).toBeLessThan(1e-5)
  expect(plain.some((value) => value !== 0)).toBe(true)
})
