import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createClassifier, createExplainer } from '../../../src/engine/lrp/explainer'
import type { Explanation } from '../../../src/engine/lrp/explainerTypes'
import { relativeL2 } from '../../support/npy'

const folder = 'test/fixtures/formats'
const goldens = z
  .object({
    input: z.array(z.number()),
    models: z.record(
      z.string(),
      z.object({ logits: z.array(z.number()), own: z.array(z.number()).optional() }),
    ),
  })
  .parse(JSON.parse(readFileSync(join(folder, 'formats.json'), 'utf8')))
const input = Float32Array.from(goldens.input)
const mask = Float32Array.of(0, 0, 1, 0, 0)

const bytesOf = (name: string): Uint8Array => readFileSync(join(folder, `${name}.onnx`))

async function explained(name: string) {
  const explainer = await createExplainer(bytesOf(name), {
    method: 'epsilon-plus',
    parameters: {},
    start: 'logit',
    batch: 1,
  })
  const explanation = await explainer.run(input, mask)
  await explainer.release()
  return { explainer, explanation }
}

async function predicted(name: string): Promise<Float32Array> {
  const classifier = await createClassifier(bytesOf(name), 1)
  const logits = await classifier.run(input)
  await classifier.release()
  return logits
}

const notesOf = ({ conventions }: Awaited<ReturnType<typeof explained>>['explainer']): string =>
  conventions.find(({ name }) => name === 'canonisation')?.value ?? ''

let plain: Explanation
beforeAll(async () => {
  plain = (await explained('float32')).explanation
})

describe('other floating-point types', () => {
  test.each([
    ['float16', '12 float16 tensors widened to float32, exactly'],
    ['float16_io32', '12 float16 tensors widened to float32, exactly'],
    ['bfloat16', '12 bfloat16 tensors widened to float32, exactly'],
    ['float64', '12 float64 tensors rounded to float32'],
  ])('%s: predicted and explained in float32, which the result says', async (name, note) => {
    const golden = Float32Array.from(goldens.models[name]?.logits ?? [])
    const { explainer, explanation } = await explained(name)
    expect(relativeL2(await predicted(name), golden)).toBeLessThan(1e-6)
    expect(relativeL2(explanation.logits, golden)).toBeLessThan(1e-6)
    expect(explainer.exactForward).toBe(true)
    expect(notesOf(explainer)).toContain(note)
    // bfloat16 keeps 8 bits of a weight.
    const tolerance = name === 'bfloat16' ? 2e-2 : 2e-3
    expect(relativeL2(explanation.relevance, plain.relevance)).toBeLessThan(tolerance)
  })
})

describe('quantised networks', () => {
  test.each(['qdq_u8s8', 'qdq_s16', 'qoperator_u8u8', 'qoperator_s8s8', 'dynamic_u8'])(
    '%s: explained in real numbers, predicted by its own',
    async (name) => {
      const golden = goldens.models[name]
      const { explainer, explanation } = await explained(name)
      const real = Float32Array.from(golden?.logits ?? [])
      // A rounding anywhere, or a range not kept, would be a hundred times this.
      expect(relativeL2(explanation.logits, real)).toBeLessThan(2e-6)
      expect(explainer.exactForward).toBe(false)
      expect(notesOf(explainer)).toContain('a quantised network explained in real numbers')
      expect(explanation.ledger?.every(({ relativeResidual }) => relativeResidual < 1e-4)).toBe(
        true,
      )
      // 16 bits are as good as floats: gates, residual sums and first layers are found as in the original.
      const tolerance = name === 'qdq_s16' ? 1e-3 : 5e-2
      expect(relativeL2(explanation.relevance, plain.relevance)).toBeLessThan(tolerance)

      const own = await predicted(name)
      // Fused kernels round in other places, by a step or two of 8 bits.
      const step = name === 'qdq_s16' ? 1e-4 : 2e-2
      if (golden?.own) expect(relativeL2(own, Float32Array.from(golden.own))).toBeLessThan(step)
      expect(relativeL2(own, explanation.logits)).toBeGreaterThan(1e-6)
    },
  )
})
