import { expect, test } from 'vitest'
import { createExplainer } from '../../../src/engine/lrp/explainer'
import { noise, SmallNetwork } from './support/smallNetwork'

/** Its activations, 2 · 34 · 512 · 512 numbers and more a sample, leave every cache: samples are run one by one. */
function large(): Uint8Array {
  const net = new SmallNetwork([3, 512, 512])
  const features = net.node('Relu', [net.node('Conv', ['input', net.weights('w', [34, 3, 1, 1]), net.weights('b', [34])])]) // prettier-ignore
  const pooled = net.node('Flatten', [net.node('GlobalAveragePool', [features])])
  return net.finish(net.node('Gemm', [pooled, net.weights('v', [34, 3])]))
}

test('samples of a large batch get what each gets alone', async () => {
  const options = { method: 'epsilon-plus', parameters: {}, start: 'logit' } as const
  const [one, two] = [
    await createExplainer(large(), { ...options, batch: 1 }),
    await createExplainer(large(), { ...options, batch: 2 }),
  ]
  expect(two.inputShape).toEqual([2, 3, 512, 512])
  const size = 3 * 512 * 512
  const input = noise(5, 2 * size)
  const mask = Float32Array.of(1, 0, 0, 0, -1, 1)
  const both = await two.run(input, mask)
  const apart = [
    await one.run(input.subarray(0, size), mask.subarray(0, 3)),
    await one.run(input.subarray(size), mask.subarray(3)),
  ]
  await one.release()
  await two.release()
  const joined = (of: (result: typeof both) => Float32Array): number[] =>
    apart.flatMap((result) => [...of(result)])
  expect([...both.logits]).toEqual(joined(({ logits }) => logits))
  expect([...both.startRelevance]).toEqual(joined(({ startRelevance }) => startRelevance))
  // To the bit, as each was run alone. A loop, as a message about half a million numbers helps nobody.
  const relevance = joined((result) => result.relevance)
  expect(both.relevance.findIndex((value, at) => value !== relevance[at])).toBe(-1)
  expect(both.relevance).toHaveLength(relevance.length)
  for (const [at, entry] of (both.ledger ?? []).entries()) {
    const [first, second] = apart.map(({ ledger }) => ledger?.[at]?.relevanceOut ?? Number.NaN)
    expect(entry.relevanceOut).toBeCloseTo((first ?? Number.NaN) + (second ?? Number.NaN), 6)
  }
  expect(both.ledger?.length).toBeGreaterThan(0)
})
