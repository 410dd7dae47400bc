import { describe, expect, test } from 'vitest'
import { createClassifier, inspectGraph } from '../../../../src/engine/lrp/explainer'
import { int } from '../../../../src/engine/onnx/attributes'
import { int64Tensor } from '../../../../src/engine/onnx/elements'
import type { Attribute } from '../../../../src/engine/onnx/model'
import { relativeL2 } from '../../../support/npy'
import { noise, SmallNetwork } from '../support/smallNetwork'
import { testWorked, type Worked } from '../support/worked'
import { explained } from './explained'

const [tokens, heads, size, most] = [3, 2, 8, 9]
const width = heads * size

interface Form {
  readonly interleaved: boolean
  /** Numbers of each head that are turned. */
  readonly turned: number
  readonly rank: 3 | 4
  /** The position of each token, or of the first alone; null where the caches have a row for each token. */
  readonly ids: readonly number[] | null
  readonly runtime?: boolean
}

const angles = (rows: number, pairs: number): number[] =>
  Array.from({ length: rows * pairs }, (_, at) => Math.floor(at / pairs) / 10 ** (at % pairs))

/** [batch, tokens, width] or [batch, heads, tokens, size] */
const shapeOf = ({ rank }: Form): number[] => (rank === 3 ? [tokens, width] : [heads, tokens, size])

/** A dense layer, what turns, and a dense layer. */
function network(form: Form, turn: (net: SmallNetwork, x: string) => string): Uint8Array {
  const shape = shapeOf(form)
  const last = shape.at(-1) ?? 1
  const net = new SmallNetwork(shape, 23)
  const x = net.node('MatMul', ['input', net.floats('first', [last, last], noise(1, last * last))])
  const flat = net.node('Reshape', [turn(net, x), net.integers('flat', [-1, tokens * width])])
  return net.finish(
    net.node('MatMul', [
      flat,
      net.floats('head', [tokens * width, 2], noise(2, tokens * width * 2)),
    ]),
  )
}

/** The caches and the positions, as constants. */
function caches(
  net: SmallNetwork,
  { turned, ids }: Form,
): { cos: string; sin: string; at: string } {
  const pairs = turned / 2
  const rows = ids ? most : tokens
  const dims = ids ? [most, pairs] : [1, tokens, pairs]
  const make = (name: string, f: (angle: number) => number) =>
    net.floats(name, dims, angles(rows, pairs).map(f))
  const shape = ids && ids.length > 1 ? [1, tokens] : [1]
  const at = ids ? net.constant(int64Tensor('ids', shape, ids)) : ''
  return { cos: make('cos', Math.cos), sin: make('sin', Math.sin), at }
}

const fused =
  (form: Form) =>
  (net: SmallNetwork, x: string): string => {
    const { cos, sin, at } = caches(net, form)
    const attributes: Record<string, Attribute> = {
      interleaved: int(form.interleaved ? 1 : 0),
      ...((form.rank === 3 || form.runtime) && { num_heads: int(heads) }),
      ...(form.turned < size && { rotary_embedding_dim: int(form.turned) }),
    }
    return form.runtime
      ? net.node('com.microsoft.RotaryEmbedding', [x, at, cos, sin], attributes)
      : net.node('RotaryEmbedding', at === '' ? [x, cos, sin] : [x, cos, sin, at], attributes)
  }

/** As an exporter writes it out: x1 cos − x2 sin beside x1 sin + x2 cos. */
const spelledOut =
  (form: Form) =>
  (net: SmallNetwork, x: string): string => {
    const { turned, ids, interleaved, rank } = form
    const pairs = turned / 2
    const whole = angles(ids ? most : tokens, pairs)
    const rows = Array.from({ length: tokens }, (_, token) =>
      ids && ids.length === 1 ? (ids[0] ?? 0) + token : (ids?.[token] ?? token),
    )
    const own = rows.flatMap((row) => whole.slice(row * pairs, (row + 1) * pairs))
    const dims = rank === 3 ? [1, tokens, 1, pairs] : [1, 1, tokens, pairs]
    const [cos, sin] = [net.floats('c', dims, own.map(Math.cos)), net.floats('s', dims, own.map(Math.sin))] // prettier-ignore
    const apart = net.node('Reshape', [x, net.integers('apart', rank === 3 ? [0, 0, heads, size] : [0, 0, 0, size])]) // prettier-ignore
    const cut = (from: number, to: number, step = 1): string =>
      net.node('Slice', [apart, ...[[from], [to], [3], [step]].map((list) => net.integers(`${list.join()} of ${from} ${to}`, list))]) // prettier-ignore
    const [one, other] = interleaved
      ? [cut(0, turned, 2), cut(1, turned, 2)]
      : [cut(0, pairs), cut(pairs, turned)]
    const mul = (a: string, b: string): string => net.node('Mul', [a, b])
    const real = net.node('Sub', [mul(one, cos), mul(other, sin)])
    const imaginary = net.node('Add', [mul(one, sin), mul(other, cos)])
    const paired = interleaved
      ? net.node('Reshape', [
          net.node('Concat', [real, imaginary].map((part) => net.node('Unsqueeze', [part, net.integers('last', [-1])])), { axis: int(4) }),
          net.integers('paired', [0, 0, 0, turned]),
        ]) // prettier-ignore
      : net.node('Concat', [real, imaginary], { axis: int(3) })
    const rest = turned < size ? [cut(turned, size)] : []
    return net.node('Concat', [paired, ...rest], { axis: int(3) })
  }

const forms: readonly Form[] = [false, true].flatMap((interleaved) =>
  ([3, 4] as const).flatMap((rank) =>
    [size, 4].flatMap((turned) => [
      ...[null, [4, 0, 7]].map((ids) => ({ interleaved, turned, rank, ids })),
      ...[[5], [4, 0, 7]].map((ids) => ({ interleaved, turned, rank, ids, runtime: true })),
    ]),
  ),
)
const input = noise(3, tokens * width)

describe.each(forms.map((form) => [JSON.stringify(form), form] as const))('%s', (_, form) => {
  test('logits are those of ONNX Runtime’s own kernel', async () => {
    const bytes = network(form, fused(form))
    const classifier = await createClassifier(bytes, 1)
    const own = await classifier.run(input)
    await classifier.release()
    const { logits } = await explained(bytes, 'epsilon', input)
    expect(relativeL2(logits, own)).toBeLessThan(1e-6)
    const plain = await explained(network(form, spelledOut(form)), 'epsilon', input)
    expect(relativeL2(logits, plain.logits)).toBeLessThan(1e-6)
  })

  test.each(['attn-lrp', 'epsilon-plus-flat', 'gradient'] as const)(
    '%s is that of the rotation written out',
    async (method) => {
      const [a, b] = await Promise.all(
        [fused(form), spelledOut(form)].map((turn) => explained(network(form, turn), method, input)), // prettier-ignore
      )
      expect(relativeL2(a?.relevance ?? [], b?.relevance ?? [])).toBeLessThan(1e-5)
    },
  )

  test('two samples get what each gets alone', async () => {
    const bytes = network(form, fused(form))
    const samples = [input, noise(4, tokens * width)]
    const both = Float32Array.from(samples.flatMap((sample) => [...sample]))
    const { relevance } = await explained(bytes, 'epsilon', both, { batch: 2 })
    const alone = await Promise.all(samples.map((x) => explained(bytes, 'epsilon', x)))
    const expected = alone.flatMap((one) => [...one.relevance])
    expect(relativeL2(relevance, expected)).toBeLessThan(1e-5)
  })

  test('input × gradient is the relevance, as of anything linear', async () => {
    const bytes = network(form, fused(form))
    const { relevance } = await explained(bytes, 'attn-lrp', input)
    const gradient = await explained(bytes, 'input-x-gradient', input)
    expect(relativeL2(relevance, gradient.relevance)).toBeLessThan(1e-4)
  })
})

const worked: readonly Worked[] = [
  {
    name: 'one pair turned by an angle of cosine 0.6 and sine 0.8',
    x: [1, 2],
    shape: [1, 1, 2],
    opset: 23,
    // y = (0.6 − 1.6, 0.8 + 1.2) = (−1, 2), R = (−1, 20);
    // R_x = (1 · (0.6·1 + 0.8·10), 2 · (−0.8·1 + 0.6·10)) = (8.6, 10.4)
    write: (net) => {
      const one = (name: string, value: number) => net.floats(name, [1, 1, 1], [value])
      return net.node('RotaryEmbedding', ['input', one('cos', 0.6), one('sin', 0.8)])
    },
    weights: [1, 10],
    relevance: [8.6, 10.4],
  },
]

describe('worked by hand', () => testWorked(worked))

test('angles that depend on the pixels are refused, and inspection says so', async () => {
  const net = new SmallNetwork([1, 2, 4], 23)
  const angle = net.node('Slice', ['input', ...[[0], [2], [3]].map((list) => net.integers(list.join(), list))]) // prettier-ignore
  const cos = net.node('Squeeze', [net.node('Tanh', [angle]), net.integers('axis', [1])])
  const turned = net.node('RotaryEmbedding', ['input', cos, cos], {}, 'odd')
  const bytes = net.finish(net.node('Flatten', [turned]))
  await expect(explained(bytes, 'epsilon', noise(1, 8))).rejects.toThrow(
    '“odd” (RotaryEmbedding) cannot be explained: its angles and positions must be constant',
  )
  const { coverage } = await inspectGraph(bytes, 'epsilon')
  expect(coverage.nodes.find(({ node }) => node === 'odd')?.kind).toBe('missing')
})
