import { describe, expect, test } from 'vitest'
import type { RuleSpec } from '../../../../src/shared/explanation/composite'
import { int, ints } from '../../../../src/engine/onnx/attributes'
import { relativeL2 } from '../../../support/npy'
import { noise, SmallNetwork } from '../support/smallNetwork'
import { explained, firstLayer } from './explained'

const rules: readonly RuleSpec[] = [
  { rule: 'zero' },
  { rule: 'epsilon', epsilon: 0.25 },
  { rule: 'gamma', gamma: 0.25 },
  { rule: 'alphaBeta', alpha: 2, beta: 1 },
  { rule: 'zPlus' },
  { rule: 'wSquare' },
  { rule: 'flat' },
  { rule: 'zBox', low: -1, high: 1 },
]

const [tokens, from, to] = [3, 4, 5]
/** W[in, out] and b, the same in every network. */
const weights = noise(3, from * to)
const bias = noise(4, to).map((value) => value / 2)
const size = tokens * from
const input = noise(7, size)

/** Reads `make`'s output as [tokens, to] per sample, and adds all up to three classes. */
function network(
  sampleShape: readonly number[],
  make: (net: SmallNetwork) => string,
  opset = 17,
): Uint8Array {
  const net = new SmallNetwork(sampleShape, opset)
  const y = net.node('Relu', [make(net)])
  const flat = net.node('Reshape', [y, net.integers('rows', [-1, tokens * to])])
  const head = noise(5, tokens * to * 3)
  const last = [net.floats('head', [tokens * to, 3], head), net.floats('c', [3], [0.1, -0.2, 0.3])]
  return net.finish(net.node('Gemm', [flat, ...last]))
}

const transposed = (values: Float32Array, rows: number, columns: number): Float32Array =>
  Float32Array.from(
    { length: values.length },
    (_, at) => values[(at % rows) * columns + Math.floor(at / rows)] ?? 0,
  )

/** The layer by its plainest means: one row after another. */
const rowByRow = network([tokens, from], (net) => {
  const rows = net.node('Reshape', ['input', net.integers('flat', [-1, from])])
  return net.node('Gemm', [rows, net.floats('w', [from, to], weights), net.floats('b', [to], bias)])
})

const forms: Record<string, Uint8Array> = {
  'MatMul over the last axis, bias behind': network([tokens, from], (net) =>
    net.node('Add', [
      net.floats('b', [to], bias),
      net.node('MatMul', ['input', net.floats('w', [from, to], weights)]),
    ]),
  ),
  'MatMul with weights of more dimensions': network([tokens, from], (net) =>
    net.node('Add', [
      net.node('MatMul', ['input', net.floats('w', [1, 1, from, to], weights)]),
      net.floats('b', [1, 1, to], bias),
    ]),
  ),
  'MatMul with the weights on the left': network([tokens, from], (net) => {
    const columns = net.node('Transpose', ['input'], { perm: ints([0, 2, 1]) })
    const w = net.floats('w', [to, from], transposed(weights, from, to))
    const sum = net.node('Add', [net.node('MatMul', [w, columns]), net.floats('b', [to, 1], bias)])
    return net.node('Transpose', [sum], { perm: ints([0, 2, 1]) })
  }),
  Einsum: network([tokens, from], (net) => {
    const w = net.floats('w', [to, from], transposed(weights, from, to))
    const attributes = { equation: { kind: 'string', value: 'bti,oi->bto' } } as const
    return net.node('Add', [
      net.node('Einsum', ['input', w], attributes),
      net.floats('b', [to], bias),
    ])
  }),
  'Einsum with the weights first and an ellipsis': network([tokens, from], (net) => {
    const w = net.floats('w', [from, to], weights)
    const attributes = { equation: { kind: 'string', value: 'io, ...i -> ...o' } } as const
    return net.node('Add', [
      net.node('Einsum', [w, 'input'], attributes),
      net.floats('b', [to], bias),
    ])
  }),
  'Gemm of a transposed activation': network([tokens, from], (net) => {
    const rows = net.node('Reshape', ['input', net.integers('flat', [-1, from])])
    const columns = net.node('Transpose', [rows], { perm: ints([1, 0]) })
    const w = net.floats('w', [to, from], transposed(weights, from, to))
    const b = net.floats('b', [to], bias)
    return net.node('Gemm', [columns, w, b], { transA: int(1), transB: int(1) })
  }),
  'Gemm with the weights on the left': network([tokens, from], (net) => {
    const rows = net.node('Reshape', ['input', net.integers('flat', [-1, from])])
    const w = net.floats('w', [from, to], weights)
    const product = net.node('Gemm', [w, rows], { transA: int(1), transB: int(1) })
    const sum = net.node('Add', [product, net.floats('b', [to, 1], bias)])
    return net.node('Transpose', [sum], { perm: ints([1, 0]) })
  }),
}

describe.each(Object.entries(forms))('%s is a dense layer', (_, bytes) => {
  test.each(rules)('$rule', async (rule) => {
    const composite = firstLayer(rule)
    const plain = await explained(rowByRow, 'custom', input, { composite })
    const ours = await explained(bytes, 'custom', input, { composite })
    expect(relativeL2(ours.logits, plain.logits)).toBeLessThan(1e-6)
    expect(relativeL2(ours.relevance, plain.relevance)).toBeLessThan(1e-6)
    // The bias belongs to the layer, which has it in its ledger: no sum of its own.
    expect(ours.entries.filter(({ operator }) => operator === 'Gemm')).toHaveLength(2)
    expect(ours.entries.filter(({ operator }) => operator === 'Add')).toEqual([])
  })

  test('gradient', async () => {
    const plain = await explained(rowByRow, 'gradient', input)
    const ours = await explained(bytes, 'gradient', input)
    expect(relativeL2(ours.relevance, plain.relevance)).toBeLessThan(1e-6)
  })

  test('several samples', async () => {
    const both = Float32Array.from([...input, ...noise(8, size)])
    const composite = firstLayer({ rule: 'gamma', gamma: 0.5 })
    const plain = await explained(rowByRow, 'custom', input, { composite })
    const ours = await explained(bytes, 'custom', both, { composite, batch: 2 })
    expect(relativeL2(ours.relevance.subarray(0, size), plain.relevance)).toBeLessThan(1e-5)
  })
})

describe('weights that differ from place to place', () => {
  const [places, inner, outer] = [3, 4, 2]
  const own = noise(11, places * inner * outer)
  const ownBias = noise(12, outer).map((value) => value / 2)
  const pixels = noise(13, places * inner)
  const head = (net: SmallNetwork, y: string): Uint8Array => {
    const flat = net.node('Reshape', [
      net.node('Relu', [y]),
      net.integers('rows', [-1, places * outer]),
    ])
    return net.finish(
      net.node('Gemm', [
        flat,
        net.floats('head', [places * outer, 3], noise(6, places * outer * 3)),
      ]),
    )
  }

  const grouped = new SmallNetwork([places, inner])
  const asConvolution = head(
    grouped,
    grouped.node(
      'Conv',
      [
        grouped.node('Reshape', ['input', grouped.integers('channels', [-1, places * inner, 1])]),
        // W[place, in, out] as the kernels of a convolution, [place · out, in, 1].
        grouped.floats(
          'w',
          [places * outer, inner, 1],
          Array.from({ length: own.length }, (_, at) => {
            const [output, i] = [Math.floor(at / inner), at % inner]
            const place = Math.floor(output / outer)
            return own[(place * inner + i) * outer + (output % outer)] ?? 0
          }),
        ),
        grouped.floats('b', [places * outer], [...ownBias, ...ownBias, ...ownBias]),
      ],
      { group: int(places) },
    ),
  )

  const batched = new SmallNetwork([places, inner])
  const asMatMul = head(
    batched,
    batched.node('Add', [
      batched.node('MatMul', [
        batched.node('Unsqueeze', ['input', batched.integers('axis', [2])]),
        batched.floats('w', [places, inner, outer], own),
      ]),
      batched.floats('b', [outer], ownBias),
    ]),
  )

  const labelled = new SmallNetwork([places, inner])
  const asEinsum = head(
    labelled,
    labelled.node('Add', [
      labelled.node('Einsum', ['input', labelled.floats('w', [places, inner, outer], own)], {
        equation: { kind: 'string', value: 'bpi,pio->bpo' },
      }),
      labelled.floats('b', [outer], ownBias),
    ]),
  )

  test.each(rules)('a grouped convolution gives the same by $rule', async (rule) => {
    const composite = firstLayer(rule)
    const plain = await explained(asConvolution, 'custom', pixels, { composite })
    for (const bytes of [asMatMul, asEinsum]) {
      const ours = await explained(bytes, 'custom', pixels, { composite })
      expect(relativeL2(ours.logits, plain.logits)).toBeLessThan(1e-6)
      expect(relativeL2(ours.relevance, plain.relevance)).toBeLessThan(1e-6)
      expect(ours.entries.filter(({ operator }) => operator === 'Add')).toEqual([])
    }
  })

  test.each(rules)('an input that all places read gets the sum by $rule', async (rule) => {
    // x [rows, in] with W [places, in, out] is one dense layer with W [in, places · out].
    const composite = firstLayer(rule)
    const rows = 2
    const x = noise(14, rows * inner)
    const write = (make: (net: SmallNetwork) => string): Uint8Array => {
      const net = new SmallNetwork([rows, inner])
      const y = net.node('Relu', [make(net)])
      const summed = net.node('ReduceMean', [y], { axes: ints([2]), keepdims: int(0) })
      const flat = net.node('Reshape', [summed, net.integers('rows', [-1, places * outer])])
      return net.finish(
        net.node('Gemm', [
          flat,
          net.floats('head', [places * outer, 3], noise(6, places * outer * 3)),
        ]),
      )
    }
    const repeated = write((net) =>
      net.node('MatMul', [
        net.node('Unsqueeze', ['input', net.integers('axis', [1])]),
        net.floats('w', [places, inner, outer], own),
      ]),
    )
    const plain = write((net) => {
      const wide = Array.from({ length: own.length }, (_, at) => {
        const [i, output] = [Math.floor(at / (places * outer)), at % (places * outer)]
        return own[(Math.floor(output / outer) * inner + i) * outer + (output % outer)] ?? 0
      })
      const y = net.node('MatMul', ['input', net.floats('w', [inner, places * outer], wide)])
      const apart = net.node('Reshape', [y, net.integers('apart', [-1, rows, places, outer])])
      return net.node('Transpose', [apart], { perm: ints([0, 2, 1, 3]) })
    })
    const ours = await explained(repeated, 'custom', x, { composite })
    const theirs = await explained(plain, 'custom', x, { composite })
    expect(relativeL2(ours.logits, theirs.logits)).toBeLessThan(1e-6)
    expect(relativeL2(ours.relevance, theirs.relevance)).toBeLessThan(1e-6)
  })
})

test('a summand of a Gemm that depends on the image shares as in any sum', async () => {
  const parts = (whole: boolean): Uint8Array => {
    const net = new SmallNetwork([2, 4])
    const flat = net.node('Flatten', ['input'])
    const mean = net.node('ReduceMean', ['input'], { axes: ints([2]), keepdims: int(0) })
    const w = net.weights('w', [8, 2])
    const y = whole
      ? net.node('Gemm', [flat, w, mean])
      : net.node('Add', [net.node('MatMul', [flat, w]), mean])
    return net.finish(y)
  }
  const pixels = noise(9, 8)
  const ours = await explained(parts(true), 'epsilon', pixels)
  const apart = await explained(parts(false), 'epsilon', pixels)
  expect(relativeL2(ours.relevance, apart.relevance)).toBeLessThan(1e-7)
})
