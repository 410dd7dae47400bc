import { describe, expect, it } from 'vitest'
import { sha256Of } from '../../../src/engine/files'
import { createModelCache } from '../../../src/engine/inference/modelCache'
import { fakeCompiler } from '../support/fakeCompiler'

const modelOf = (name: string) => ({ name, bytes: new Uint8Array(1), sha256: sha256Of(name) })
const optionsOf = (epsilon: number) =>
  ({ method: 'epsilon', parameters: { epsilon }, start: 'logit', batch: 1 }) as const

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
