import { describe, expect, it } from 'vitest'
import { AppError } from '../../../src/shared/errors'
import { sha256Of } from '../../../src/engine/files'
import { createModelCache } from '../../../src/engine/inference/modelCache'
import { onnxCompiler } from '../../../src/engine/compiler'
import type { Compiler } from '../../../src/engine/inference/compiler'
import type { Explainer, ExplainerOptions } from '../../../src/engine/lrp/explainerTypes'
import type { CustomComposite } from '../../../src/shared/explanation/composite'
import { keepsLedger } from '../../../src/shared/explanation/method'
import { linear } from '../lrp/methods/small'
import { fakeCompiler } from '../support/fakeCompiler'
import { modelFileOf } from '../support/modelFile'

const modelOf = (name: string) => ({
  ...modelFileOf(name, new Uint8Array(1)),
  sha256: sha256Of(name),
})
const optionsOf = (epsilon: number) =>
  ({ method: 'epsilon', parameters: { epsilon }, start: 'logit', batch: 1 }) as const

/** z = (Σ x, 2 Σ x) of a picture of four pixels. */
const picture = linear([1, 2, 2], [[1, 1, 1, 1], [2, 2, 2, 2]], [0, 0]) // prettier-ignore
const input = Float32Array.of(1, 2, 3, 4)

/** The product's own compiler, which writes down what is made. */
function counting(log: string[]): Compiler {
  return {
    ...onnxCompiler,
    createExplainer: (model, options) => {
      log.push('explainer')
      return onnxCompiler.createExplainer(model, options)
    },
    createStartsExplainer: (model, options, starts) => {
      log.push('starts explainer')
      return onnxCompiler.createStartsExplainer(model, options, starts)
    },
  }
}

describe('the cache of compiled sessions', () => {
  it('compiles once for the same question', async () => {
    const { compiler, log } = fakeCompiler()
    const cache = createModelCache(compiler)
    const first = await cache.explainer(modelOf('a'), optionsOf(1))
    expect(await cache.explainer(modelOf('a'), optionsOf(1))).toBe(first)
    await cache.classifier(modelOf('a'), 1, {})
    await cache.classifier(modelOf('a'), 1, {})
    expect(log).toEqual(['compile epsilon1 ×1', 'compile classifier ×1'])
  })

  it('keeps apart whatever decides the compiled graph', async () => {
    const { compiler, log } = fakeCompiler()
    const cache = createModelCache(compiler, 100)
    const plain = optionsOf(1)
    const composite = (name: string): CustomComposite => ({
      ...{ schema: 'pixelwise-composite/1', name, description: '' },
      layers: [{ select: { layer: 'any' }, apply: { rule: 'zero' } }],
      ...{ activations: 'pass', normalisations: 'pass', attention: 'half' },
    })
    const questions: readonly ExplainerOptions[] = [
      plain,
      { ...plain, parameters: { lrn: 'taylor' } },
      { ...plain, parameters: { epsilon: 1, steps: 3 } },
      { ...plain, missing: 'gradient' },
      { ...plain, at: '/conv' },
      { ...plain, at: '/fc' },
      { ...plain, method: 'custom', composite: composite('a') },
      { ...plain, method: 'custom', composite: composite('b') },
      { ...plain, outputName: 'other' },
      { ...plain, inputName: 'other' },
      { ...plain, sampleShape: [3, 8, 8] },
    ]
    const made = new Set<unknown>()
    for (const question of questions) made.add(await cache.explainer(modelOf('a'), question))
    expect(made.size).toBe(questions.length)
    // Neither the order of properties nor one that says nothing makes another question.
    const { batch, ...rest } = plain
    await cache.explainer(modelOf('a'), { at: undefined, batch, ...rest })
    expect(log).toHaveLength(questions.length)
  })

  it('compiles nothing for another start value, and hands out what starts with it', async () => {
    const { compiler, log } = fakeCompiler()
    // Both start values are one session: with room for a single one nothing is released either.
    const cache = createModelCache(compiler, 1)
    const startOf = ({ conventions }: Explainer) =>
      conventions.find(({ name }) => name === 'start')?.value
    for (const method of ['epsilon', 'gradient'] as const) {
      for (const start of ['unit', 'logit', 'unit'] as const) {
        const explainer = await cache.explainer(modelOf('a'), { ...optionsOf(1), method, start })
        expect(startOf(explainer)).toBe(start)
      }
    }
    expect(log).toEqual(['compile epsilon1 ×1', 'release epsilon1 ×1', 'compile gradient1 ×1'])
  })

  it.each([
    'epsilon',
    'epsilon-plus-flat',
    'gradient',
    'integrated-gradients',
    'occlusion',
  ] as const)(
    'explains by %s from either start value with what was compiled once',
    async (method) => {
      const log: string[] = []
      const cache = createModelCache(counting(log))
      const model = modelFileOf('a', picture)
      const options = { method, parameters: {}, batch: 1 }
      const mask = Float32Array.of(0, 1)
      const starting = new Map<string, number | undefined>()
      for (const start of ['logit', 'unit', 'logit', 'unit'] as const) {
        const one = await cache.explainer(model, { ...options, start })
        const two = await cache.startsExplainer(model, { ...options, start }, 2)
        const alone = await one.run(input, mask)
        const [, second] = await two.run(input, Float32Array.of(1, 0, ...mask))
        expect(second?.startRelevance).toEqual(alone.startRelevance)
        starting.set(start, alone.startRelevance[0])
      }
      await cache.release()
      expect(log).toEqual(['explainer', 'starts explainer'])
      // z_1 = 2·(1 + 2 + 3 + 4) = 20; a gradient, and what is made of gradients, is that of z itself.
      const logit = keepsLedger(method) ? 20 : 1
      expect(Object.fromEntries(starting)).toEqual({ logit, unit: 1 })
    },
  )

  it('releases the one that was not used for longest, before it compiles another', async () => {
    const { compiler, log } = fakeCompiler()
    const cache = createModelCache(compiler, 2)
    for (const epsilon of [1, 2, 1, 3]) await cache.explainer(modelOf('a'), optionsOf(epsilon))
    expect(log).toEqual([
      'compile epsilon1 ×1',
      'compile epsilon2 ×1',
      'release epsilon2 ×1',
      'compile epsilon3 ×1',
    ])
  })

  it('runs one sample at a time where a model’s open batch cannot be filled', async () => {
    const { compiler, log } = fakeCompiler()
    const stubborn = (batch: number): void => {
      if (batch > 1) throw new AppError('invalid-model', 'one at a time')
    }
    const cache = createModelCache({
      ...compiler,
      createClassifier: async (model, batch, choices) => {
        stubborn(batch)
        return compiler.createClassifier(model, batch, choices)
      },
      createExplainer: async (model, options) => {
        stubborn(options.batch)
        return compiler.createExplainer(model, options)
      },
    })
    await cache.classifier(modelOf('a'), 4, {})
    const explainer = await cache.explainer(modelOf('a'), { ...optionsOf(1), batch: 4 })
    expect(explainer.inputShape[0]).toBe(1)
    expect(log).toEqual(['compile classifier ×1', 'compile epsilon1 ×1'])
  })

  it('keeps one model at a time and leaves nothing behind', async () => {
    const { compiler, log } = fakeCompiler()
    const cache = createModelCache(compiler)
    await cache.classifier(modelOf('a'), 1, {})
    await cache.explainer(modelOf('a'), optionsOf(1))
    await cache.classifier(modelOf('b'), 1, {})
    expect(log.filter((line) => line.startsWith('release'))).toHaveLength(2)
    await cache.release()
    const count = (word: string) => log.filter((line) => line.startsWith(word)).length
    expect(count('release')).toBe(count('compile'))
  })
})
