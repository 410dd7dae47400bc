import { describe, expect, it } from 'vitest'
import { resolveTarget, targetMask } from '../../../src/engine/inference/target'

describe('the target', () => {
  it('is the prediction, a class, or one class against another', () => {
    expect(resolveTarget({ kind: 'top' }, 3, 5)).toEqual({ index: 3, against: null })
    expect(resolveTarget({ kind: 'class', index: 1 }, 3, 5)).toEqual({ index: 1, against: null })
    const contrast = resolveTarget({ kind: 'contrast', index: 0, against: 2 }, 3, 5)
    expect(Array.from(targetMask(contrast, 3, 2, 1))).toEqual([1, 0, -1, 0, 0, 0])
  })

  it.each([
    [{ kind: 'class', index: 5 } as const, /no class 5/],
    [{ kind: 'contrast', index: 1, against: 7 } as const, /no class 7/],
    [{ kind: 'contrast', index: 1, against: 1 } as const, /against itself/],
  ])('refuses %j', (target, sentence) => {
    expect(() => resolveTarget(target, 0, 5)).toThrow(sentence)
  })
})
