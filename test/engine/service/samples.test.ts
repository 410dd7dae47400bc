import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { onnxCompiler } from '../../../src/engine/compiler'
import { tileStride } from '../../../src/shared/card'
import { createEngine } from '../../../src/engine/service'
import { explanationResultSchema } from '../../../src/shared/explanation/result'
import type { ExplanationSpec, Scope } from '../../../src/shared/explanation/method'
import type { EngineModel } from '../../../src/shared/ipc/engine'
import { modelAt } from '../support/inspect'
import { samples } from '../support/paths'

const engine = createEngine(onnxCompiler)
const quiet = { progress: () => {} }
afterAll(() => engine.release())

function specOf(scope: Scope, change: Partial<ExplanationSpec> = {}): ExplanationSpec {
  const spec = { method: 'epsilon-plus-flat', parameters: {}, target: { kind: 'top' } } as const
  return { ...spec, start: 'logit', scope, ...change }
}

function largestDifference(a: readonly number[], b: readonly number[]): number {
  expect(a).toHaveLength(b.length)
  return Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? Number.NaN))))
}

describe('the IHC sample', () => {
  const ihc = join(samples, 'ihc')
  const image = { path: join(ihc, 'ihc.png'), sha256: null }
  const golden = z
    .object({
      toleranceAbs: z.number(),
      labels: z.array(z.string()),
      tiles: z.array(
        z.object({
          x: z.number(),
          y: z.number(),
          logits: z.object({ bn: z.array(z.number()) }),
          softmax: z.array(z.number()),
          predicted: z.string(),
        }),
      ),
    })
    .parse(JSON.parse(readFileSync(join(ihc, 'golden.json'), 'utf8')))
  let model: EngineModel

  beforeAll(async () => {
    model = await modelAt(engine, join(ihc, 'ihc-dab.onnx'))
  })

  it('has a card of its own and is covered by every rule', async () => {
    const found = await engine.handlers.inspectModel({ path: join(ihc, 'ihc-dab.onnx') }, quiet)
    expect(found).toMatchObject({ origin: 'found', doubts: [], coverage: { supported: true } })
  })

  it('gives the logits of all twelve golden tiles', async () => {
    expect(golden.tiles).toHaveLength(12)
    for (const { x, y, logits, softmax, predicted } of golden.tiles) {
      const scope = { kind: 'tile', x, y } as const
      const prediction = await engine.handlers.predict({ model, image, scope }, quiet)
      expect(largestDifference(prediction.logits, logits.bn)).toBeLessThan(golden.toleranceAbs)
      const probabilities = golden.labels.map(
        (label) => prediction.top.find((score) => score.label === label)?.probability ?? Number.NaN,
      )
      expect(largestDifference(probabilities, softmax)).toBeLessThan(golden.toleranceAbs)
      expect(prediction.top[0]?.label).toBe(predicted)
      expect(prediction.region).toEqual({ x, y, width: 64, height: 64 })
    }
  })

  it('explains one tile, moved inside the image', async () => {
    const scope = { kind: 'tile', x: 500, y: -20 } as const
    const { result, relevance } = await engine.handlers.explain(
      { model, image, spec: specOf(scope) },
      quiet,
    )
    expect(() => explanationResultSchema.parse(result)).not.toThrow()
    expect(result.region).toEqual({ x: 448, y: 0, width: 64, height: 64 })
    expect(result.shape).toEqual([3, 64, 64])
    expect(relevance).toHaveLength(3 * 64 * 64)
    expect(result.ledger?.balanced).toBe(true)
    expect(result.startRelevance).toBeCloseTo(result.explained.logit, 5)
    // The ledger accounts for all that is missing between the start and the map.
    const absorbed = (result.ledger?.entries ?? []).reduce(
      (sum, { bias, stabiliser, unexplained, residual }) =>
        sum + bias + stabiliser + unexplained + residual,
      0,
    )
    expect(result.sumRelevance + absorbed).toBeCloseTo(result.startRelevance, 3)
  })

  it('explains the whole image by overlapping tiles and tells how far it is', async () => {
    const steps: { stage: string; done: number; total: number }[] = []
    const { result, relevance } = await engine.handlers.explain(
      { model, image, spec: specOf({ kind: 'whole' }) },
      { progress: (stage, done, total) => steps.push({ stage, done, total }) },
    )
    const stride = tileStride(model.card)
    const count = (Math.ceil((512 - 64) / stride) + 1) ** 2
    expect(result.prediction.tiling).toEqual({ count, width: 64, height: 64, stride })
    expect(result.shape).toEqual([3, 512, 512])
    expect(result.ledger?.balanced).toBe(true)
    expect(relevance.reduce((sum, value) => sum + value, 0)).toBeCloseTo(result.sumRelevance, 6)
    expect(result.conventions.find(({ name }) => name === 'tiling')?.value).toContain(
      `64×64 px, ${stride} px apart`,
    )
    // Four tiles at a time: no step of the explanation is longer than one batch.
    const explaining = steps.filter(({ stage }) => stage === 'Explaining')
    expect(explaining.at(-1)).toEqual({ stage: 'Explaining', done: count, total: count })
    for (const [i, step] of explaining.entries())
      expect(step.done - (explaining[i - 1]?.done ?? 0)).toBeLessThanOrEqual(4)
  })

  it('gives each pixel the mean of the tiles over it', async () => {
    // In the upper left corner one tile alone lies over the first pixels, as many as the stride.
    const whole = await engine.handlers.explain(
      { model, image, spec: specOf({ kind: 'whole' }, { target: { kind: 'class', index: 0 } }) },
      quiet,
    )
    const tile = await engine.handlers.explain(
      {
        model,
        image,
        spec: specOf({ kind: 'tile', x: 0, y: 0 }, { target: { kind: 'class', index: 0 } }),
      },
      quiet,
    )
    const worst = Math.max(
      ...Array.from({ length: 16 * 16 }, (_, i) => {
        const [x, y] = [i % 16, Math.floor(i / 16)]
        return Math.abs(
          (whole.relevance[y * 512 + x] ?? Number.NaN) - (tile.relevance[y * 64 + x] ?? Number.NaN),
        )
      }),
    )
    const largest = tile.relevance.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    // Batched and single convolutions round differently.
    expect(worst / largest).toBeLessThan(1e-4)
  })

  it('holds class A against class B from the difference of their logits', async () => {
    const scope = { kind: 'tile', x: 64, y: 96 } as const
    const target = { kind: 'contrast', index: 0, against: 1 } as const
    const { result } = await engine.handlers.explain(
      { model, image, spec: specOf(scope, { target }) },
      quiet,
    )
    expect(result.against?.index).toBe(1)
    expect(result.startRelevance).toBeCloseTo(
      (result.explained.logit ?? 0) - (result.against?.logit ?? 0),
      4,
    )
  })

  it('boxes the input by what black and white become, unless told otherwise', async () => {
    const scope = { kind: 'tile', x: 64, y: 96 } as const
    const method = 'epsilon-gamma-box'
    const byCard = await engine.handlers.explain(
      { model, image, spec: specOf(scope, { method }) },
      quiet,
    )
    const low = [0, 1, 2].map(
      (c) => (0 - (model.card.input.mean[c] ?? 0)) / (model.card.input.std[c] ?? 1),
    )
    const high = [0, 1, 2].map(
      (c) => (1 - (model.card.input.mean[c] ?? 0)) / (model.card.input.std[c] ?? 1),
    )
    const byHand = await engine.handlers.explain(
      { model, image, spec: specOf(scope, { method, parameters: { low, high } }) },
      quiet,
    )
    const other = await engine.handlers.explain(
      { model, image, spec: specOf(scope, { method, parameters: { low: -9, high: 9 } }) },
      quiet,
    )
    expect(
      largestDifference(Array.from(byCard.relevance), Array.from(byHand.relevance)),
    ).toBeLessThan(1e-5)
    expect(byCard.relevance).not.toEqual(other.relevance)
  })

  it('keeps no ledger for gradients', async () => {
    const scope = { kind: 'tile', x: 64, y: 96 } as const
    const { result } = await engine.handlers.explain(
      { model, image, spec: specOf(scope, { method: 'gradient', start: 'unit' }) },
      quiet,
    )
    expect(result.ledger).toBeNull()
  })
})

describe('the MNIST samples', () => {
  const mnist = join(samples, 'mnist')
  const digits = z
    .array(
      z.object({
        file: z.string(),
        label: z.number(),
        mnist_lenet: z.array(z.number()),
        mnist_mlp_tanh: z.array(z.number()),
      }),
    )
    .parse(JSON.parse(readFileSync(join(mnist, 'digits.json'), 'utf8')))

  it.each(['mnist_lenet', 'mnist_mlp_tanh'] as const)(
    '%s gives the recorded logits of every digit',
    async (name) => {
      const model = await modelAt(engine, join(mnist, `${name}.onnx`))
      expect(digits.length).toBeGreaterThan(50)
      let worst = 0
      for (const digit of digits) {
        const image = { path: join(mnist, 'digits', digit.file), sha256: null }
        const prediction = await engine.handlers.predict(
          { model, image, scope: { kind: 'whole' } },
          quiet,
        )
        worst = Math.max(worst, largestDifference(prediction.logits, digit[name]))
      }
      expect(worst).toBeLessThan(1e-3)
    },
  )

  it('refuses a tile of a model that sees the whole image', async () => {
    const model = await modelAt(engine, join(mnist, 'mnist_lenet.onnx'))
    const image = { path: join(mnist, 'digits', '3-1.png'), sha256: null }
    await expect(
      engine.handlers.predict({ model, image, scope: { kind: 'tile', x: 0, y: 0 } }, quiet),
    ).rejects.toMatchObject({ code: 'invalid-input' })
  })
})
