import { describe, expect, test } from 'vitest'
import { createExplainer, summariseLedger } from '../../../../src/engine/lrp/explainer'
import type { MethodName } from '../../../../src/shared/explanation/method'
import { SmallNetwork } from '../support/smallNetwork'

/** What random graphs found, each as small as it gets, worked by hand. */

async function explain(bytes: Uint8Array, method: MethodName, input: readonly number[]) {
  const explainer = await createExplainer(bytes, {
    method,
    parameters: {},
    start: 'unit',
    batch: 1,
  })
  const mask = new Float32Array(explainer.classCount).fill(0).with(0, 1)
  const result = await explainer.run(Float32Array.from(input), mask)
  await explainer.release()
  return result
}

describe('a sum that is exactly 0, and relevance that arrives there', () => {
  // z = (1, −2)·(2, 1) = 0, y = sigmoid(z) = 0.5, logit = 2·y = 1. R(y) = 1 passes the Sigmoid: R(z) = 1.
  // Nothing goes on to the inputs, 2·1/1e-6 + 1·(−2)/1e-6 = 0: the 1e-6 in place of z keeps it all.
  const dense = (): Uint8Array => {
    const net = new SmallNetwork([2])
    const z = net.node('Gemm', ['input', net.floats('w', [2, 1], [1, -2])])
    return net.finish(net.node('Gemm', [net.node('Sigmoid', [z]), net.floats('v', [1, 1], [2])]))
  }

  test.each(['zero', 'attn-lrp'] as const)('%s: the stabiliser keeps it', async (method) => {
    const { ledger, relevance } = await explain(dense(), method, [2, 1])
    expect(relevance[0]).toBeCloseTo(-(relevance[1] ?? NaN), 1)
    const [, layer] = ledger ?? []
    expect(layer?.relevanceOut).toBeCloseTo(1, 6)
    expect(layer?.stabiliser).toBeCloseTo(1, 6)
    expect(summariseLedger(ledger ?? []).balanced).toBe(true)
  })

  // x + (−x) = 0; the same through Add, whose stabiliser is 0 in AttnLRP.
  test('attn-lrp: in a sum of activations', async () => {
    const net = new SmallNetwork([2])
    const w = net.node('Gemm', ['input', net.floats('w', [2, 1], [1, 1])])
    const sum = net.node('Add', [w, net.node('Neg', [w])])
    const bytes = net.finish(net.node('Gemm', [net.node('Sigmoid', [sum]), net.floats('v', [1, 1], [2])])) // prettier-ignore
    const { ledger } = await explain(bytes, 'attn-lrp', [2, 1])
    const added = ledger?.find(({ operator }) => operator === 'Add')
    expect(added?.relevanceOut).toBeCloseTo(1, 6)
    expect(added?.stabiliser).toBeCloseTo(1, 6)
    expect(summariseLedger(ledger ?? []).balanced).toBe(true)
  })

  // The mean of two zeros behind a ReLU.
  test('attn-lrp: in a mean of zeros', async () => {
    const net = new SmallNetwork([2])
    const dead = net.node('Relu', [net.node('Gemm', ['input', net.floats('w', [2, 2], [-1, 0, 0, -1])])]) // prettier-ignore
    const rows = net.node('Reshape', [dead, net.integers('shape', [0, 1, 2])])
    const mean = net.node('ReduceMean', [rows], { axes: { kind: 'ints', value: [2] }, keepdims: { kind: 'int', value: 0 } }) // prettier-ignore
    const bytes = net.finish(net.node('Gemm', [net.node('Sigmoid', [mean]), net.floats('v', [1, 1], [2])])) // prettier-ignore
    const { ledger } = await explain(bytes, 'attn-lrp', [2, 1])
    const averaged = ledger?.find(({ operator }) => operator === 'ReduceMean')
    expect(averaged?.relevanceOut).toBeCloseTo(1, 6)
    expect(averaged?.stabiliser).toBeCloseTo(1, 6)
    expect(summariseLedger(ledger ?? []).balanced).toBe(true)
  })
})

describe('a value and its normalisation', () => {
  // x = W·input; n = x − mean(x) = (1, −1) for x = (3, 1); d = √mean(n²) = 1; n/d = (1, −1).
  // y = x + n/d = (4, 0); logit = 1·y₀ = 4, R(y₀) = 1: x₀ gets 3/4 straight and 1/4 through the normalisation,
  // which passes it: R(input) = (1, 0). As "one normalisation" x₀ would get all without any share.
  test.each(['Add', 'Sum'])('%s: they share', async (operator) => {
    const net = new SmallNetwork([2])
    const x = net.node('Gemm', ['input', net.floats('w', [2, 2], [1, 0, 0, 1])])
    const axes = { axes: { kind: 'ints' as const, value: [1] } }
    const centred = net.node('Sub', [x, net.node('ReduceMean', [x], axes)])
    const square = net.node('Pow', [centred, net.floats('two', [], [2])])
    const deviation = net.node('Sqrt', [net.node('ReduceMean', [square], axes)])
    const sum = net.node(operator, [x, net.node('Div', [centred, deviation])])
    const bytes = net.finish(net.node('Gemm', [sum, net.floats('v', [2, 1], [1, 0])]))
    const { ledger, relevance } = await explain(bytes, 'epsilon', [3, 1])
    const shared = ledger?.find((entry) => entry.operator === operator)
    expect(shared?.relevanceOut).toBeCloseTo(1, 5)
    expect(relevance[0]).toBeCloseTo(1, 5)
  })
})

describe('a hard sigmoid is cut off at 0 and 1', () => {
  // z = W·input + b with b = (1, 3), y = ReLU6(z), logit = 0.5·y₀ + 0.5·y₁. For input (1, 1): z = (2, 4).
  // R(y) = (1/3, 2/3), as the halves are shared by y; of it the bias keeps 1/3·1/2 + 2/3·3/4 = 2/3.
  test.each([
    ['a bias for each neuron, cut off at both ends, halved', 6],
    ['without an upper end', null],
  ])('%s', async (_, high) => {
    const net = new SmallNetwork([2])
    const plain = net.node('MatMul', ['input', net.floats('w', [2, 2], [1, 0, 0, 1])])
    const z = net.node('Add', [plain, net.floats('b', [2], [1, 3])])
    const bounds = [net.floats('low', [], [0]), ...(high === null ? [] : [net.floats('high', [], [high])])] // prettier-ignore
    const half = net.node('Mul', [net.node('Clip', [z, ...bounds]), net.floats('half', [], [0.5])])
    const bytes = net.finish(net.node('Gemm', [half, net.floats('v', [2, 1], [1, 1])]))
    const { ledger, relevance } = await explain(bytes, 'epsilon', [1, 1])
    const first = ledger?.find(({ operator, bias }) => operator === 'Gemm' && bias !== 0)
    expect(first?.bias).toBeCloseTo(2 / 3, 5)
    expect(relevance[0]).toBeCloseTo(1 / 6, 5)
    expect(relevance[1]).toBeCloseTo(1 / 6, 5)
  })
})
