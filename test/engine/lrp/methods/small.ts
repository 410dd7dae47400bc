import { int, ints } from '../../../../src/engine/onnx/attributes'
import { createExplainer } from '../../../../src/engine/lrp/explainer'
import type { ExplainerOptions, Explanation } from '../../../../src/engine/lrp/explainerTypes'
import { SmallNetwork } from '../support/smallNetwork'

/** z = W x + b on a picture laid out in a row; `weights` class by class. */
export function linear(
  sampleShape: readonly number[],
  weights: readonly (readonly number[])[],
  bias: readonly number[],
  end: 'logits' | 'Sigmoid' = 'logits',
): Uint8Array {
  const net = new SmallNetwork(sampleShape)
  const size = sampleShape.reduce((product, length) => product * length, 1)
  const flat = sampleShape.length === 1 ? 'input' : net.node('Flatten', ['input'])
  const w = net.floats('w', [weights.length, size], weights.flat())
  const z = net.node('Gemm', [flat, w, net.floats('b', [bias.length], bias)], { transB: int(1) })
  return net.finish(end === 'Sigmoid' ? net.node('Sigmoid', [z]) : z)
}

/** z = V relu(U x + a) + b, number by number as given. */
export function oneHiddenLayer(
  u: readonly (readonly number[])[],
  a: readonly number[],
  v: readonly (readonly number[])[],
  b: readonly number[],
): Uint8Array {
  const net = new SmallNetwork([u[0]?.length ?? 0])
  const hidden = net.node(
    'Gemm',
    ['input', net.floats('u', [u.length, u[0]?.length ?? 0], u.flat()), net.floats('a', [a.length], a)], // prettier-ignore
    { transB: int(1) },
  )
  const z = net.node(
    'Gemm',
    [net.node('Relu', [hidden]), net.floats('v', [v.length, u.length], v.flat()), net.floats('b', [b.length], b)], // prettier-ignore
    { transB: int(1) },
  )
  return net.finish(z)
}

/** Two convolutions with ReLUs and a dense layer: piecewise linear, three classes. */
export function reluNetwork(): { bytes: Uint8Array; sampleShape: readonly number[] } {
  const sampleShape = [2, 6, 6]
  const net = new SmallNetwork(sampleShape)
  let x = net.node(
    'Conv',
    ['input', net.weights('w', [4, 2, 3, 3], 0.5), net.weights('b', [4], 0.3)],
    { pads: ints([1, 1, 1, 1]) },
  )
  x = net.node('Relu', [x])
  x = net.node('Conv', [x, net.weights('v', [3, 4, 3, 3], 0.4), net.weights('c', [3], 0.3)])
  x = net.node('Flatten', [net.node('Relu', [x])])
  x = net.node('Gemm', [x, net.weights('u', [3 * 4 * 4, 3], 0.5), net.weights('d', [3], 0.2)])
  return { bytes: net.finish(x), sampleShape }
}

/** The same with its channels last. */
export function reluNetworkChannelsLast(): Uint8Array {
  const net = new SmallNetwork([6, 6, 2])
  const first = net.node('Transpose', ['input'], { perm: ints([0, 3, 1, 2]) })
  let x = net.node(
    'Conv',
    [first, net.weights('w', [4, 2, 3, 3], 0.5), net.weights('b', [4], 0.3)],
    { pads: ints([1, 1, 1, 1]) },
  )
  x = net.node('Relu', [x])
  x = net.node('Conv', [x, net.weights('v', [3, 4, 3, 3], 0.4), net.weights('c', [3], 0.3)])
  x = net.node('Flatten', [net.node('Relu', [x])])
  x = net.node('Gemm', [x, net.weights('u', [3 * 4 * 4, 3], 0.5), net.weights('d', [3], 0.2)])
  return net.finish(x)
}

/** [C, H, W] → [H, W, C]. */
export function channelsLast(values: Float32Array, channels: number): Float32Array {
  const pixels = values.length / channels
  return values.map(
    (_, at) => values[(at % channels) * pixels + Math.floor(at / channels)] ?? Number.NaN,
  )
}

export type Asked = Pick<ExplainerOptions, 'method'> & Partial<ExplainerOptions>

/** One sample, one question. @param mask +1 at a class, −1 at the one it is held against. */
export async function explainOnce(
  bytes: Uint8Array,
  asked: Asked,
  input: ArrayLike<number>,
  mask: ArrayLike<number>,
): Promise<Explanation> {
  const explainer = await createExplainer(bytes, {
    parameters: {},
    start: 'unit',
    batch: 1,
    ...asked,
  })
  try {
    return await explainer.run(Float32Array.from(input), Float32Array.from(mask))
  } finally {
    await explainer.release()
  }
}

/** The measure whose name begins so. */
export function measure({ measures }: Explanation, start: string): number {
  const found = measures.filter(({ name }) => name.startsWith(start))
  if (found.length !== 1) throw new Error(`${found.length} measures begin with ${start}`)
  return found[0]?.value ?? Number.NaN
}

export function expectClose(ours: ArrayLike<number>, wanted: ArrayLike<number>, tolerance = 1e-6) {
  if (ours.length !== wanted.length) throw new Error(`${ours.length} numbers, not ${wanted.length}`)
  for (let at = 0; at < wanted.length; at++) {
    const difference = Math.abs((ours[at] ?? Number.NaN) - (wanted[at] ?? Number.NaN))
    if (!(difference <= tolerance)) {
      throw new Error(`number ${at} is ${String(ours[at])}, not ${String(wanted[at])}`)
    }
  }
}
