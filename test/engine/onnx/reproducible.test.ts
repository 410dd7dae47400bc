import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { networks } from '../../../src/cli/bench/topologies'
import { createExplainer } from '../../../src/engine/lrp/explainer'
import type { ExplainerOptions } from '../../../src/engine/lrp/explainerTypes'
import { goldens } from '../support/paths'

const golden = (name: string) => new Uint8Array(readFileSync(join(goldens, name, 'model.onnx')))

/** What results promise of the CPU: the same bits for the same number of threads. */
describe.each([
  ['overlapping max pooling', () => golden('oddconv'), 'epsilon-gamma-box'],
  ['a residual network', () => golden('resnet_basic_tiny'), 'epsilon'],
  // Large enough that its layers are really divided among threads.
  ['MobileNet v2', networks['mobilenet-v2'], 'epsilon-plus-flat'],
] as const)('%s', (_, model, method) => {
  test.each([1, 2])(
    'gives the same bits in every run of every session on %i threads',
    async (threads) => {
      const bytes = model()
      const first = await bitsOf(bytes, method, threads)
      const second = await bitsOf(bytes, method, threads)
      for (const run of [...first, ...second]) expect(run.equals(first[0] ?? run)).toBe(true)
    },
    60_000,
  )
})

/** Relevance, logits and ledger of three runs of one session. */
async function bitsOf(
  bytes: Uint8Array,
  method: ExplainerOptions['method'],
  threads: number,
): Promise<Buffer[]> {
  const parameters = method === 'epsilon-gamma-box' ? { low: -3, high: 3 } : {}
  const runtime = { provider: 'cpu', threads } as const
  const explainer = await createExplainer(bytes, {
    ...{ method, parameters, runtime, start: 'logit', batch: 1 },
  })
  expect(explainer.runsOn).toMatchObject({ provider: 'cpu', threads, notices: [] })
  const size = explainer.inputShape.reduce((product, length) => product * length, 1)
  const input = Float32Array.from({ length: size }, (_, at) => Math.sin(at * 0.7))
  const mask = new Float32Array(explainer.classCount)
  mask[1] = 1
  const runs: Buffer[] = []
  for (let run = 0; run < 3; run++) {
    const { relevance, logits, ledger } = await explainer.run(input, mask)
    const sums = Float64Array.from(ledger ?? [], ({ relevanceIn }) => relevanceIn)
    const parts = [relevance, logits, sums].map(
      ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
    )
    // A result of zeros would be the same as any other of zeros.
    expect(relevance.some((value) => value !== 0)).toBe(true)
    runs.push(Buffer.concat(parts))
  }
  await explainer.release()
  return runs
}
