import { describe, expect, it } from 'vitest'
import { createProviderInUse } from '../../../src/main/engine/providerInUse'
import type { ProviderChoice } from '../../../src/shared/explanation/provider'

const crash = { code: 'engine-crashed', message: 'It ended.', hint: 'Try again.' } as const

describe('the provider in use', () => {
  it('is the chosen one, and the CPU after the engine ended under it', () => {
    let chosen: ProviderChoice = 'auto'
    const inUse = createProviderInUse(() => chosen)
    expect(inUse.current()).toBe('auto')
    expect(inUse.afterCrash(crash).hint).toBe(
      'Try again. From now on only the CPU computes, in case another provider was the reason.',
    )
    expect(inUse.current()).toBe('cpu')
    // Said once: it is no news any more, and the CPU ends by other reasons.
    expect(inUse.afterCrash(crash)).toEqual(crash)
    chosen = 'webgpu'
    expect(inUse.current()).toBe('webgpu')
  })

  it('blames nothing but the engine where the CPU computed', () => {
    const inUse = createProviderInUse(() => 'cpu')
    expect(inUse.afterCrash(crash)).toEqual(crash)
    expect(inUse.current()).toBe('cpu')
  })
})
