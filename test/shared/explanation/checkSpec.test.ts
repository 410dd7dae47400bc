import { describe, expect, it } from 'vitest'
import { checkSpec, parameterProblem } from '../../../src/shared/explanation/checkSpec'
import { parseComposite } from '../../../src/shared/explanation/compositeFile'
import type { MethodName, MethodParameters } from '../../../src/shared/explanation/method'

const composite = parseComposite(
  '{"schema":"pixelwise-composite/1","name":"Mine","layers":[{"select":{},"apply":{"rule":"zero"}}]}',
  'mine.json',
)

describe('parameters that contradict', () => {
  it.each<[MethodName, MethodParameters, RegExp | null]>([
    ['epsilon', { epsilon: 1 }, null],
    ['epsilon', { epsilon: undefined, gamma: undefined }, null],
    ['zero', { epsilon: 1 }, /method zero has no parameter epsilon/],
    ['smoothgrad', { steps: 3 }, /method smoothgrad has no parameter steps/],
    ['epsilon-gamma-box', { low: -1, high: 1 }, null],
    ['epsilon-gamma-box', { low: [-1, 0], high: 1 }, null],
    ['epsilon-gamma-box', { low: 1, high: -1 }, /low 1 is above high -1/],
    ['epsilon-gamma-box', { low: [0, 2], high: [1, 1] }, /low 2 is above high 1 in channel 1/],
    ['epsilon-gamma-box', { low: [0, 0, 0], high: [1, 1] }, /3 channels and high for 2/],
    ['occlusion', { patch: 8, stride: 8 }, null],
    ['occlusion', { patch: 8, stride: 9 }, /stride of 9 is larger than the square of 8/],
    ['occlusion', { stride: 9 }, null],
  ])('%s %o', (method, parameters, sentence) => {
    const problem = parameterProblem(method, parameters)
    if (sentence === null) expect(problem).toBeNull()
    else expect(problem?.message).toMatch(sentence)
  })

  it('a composite and a method that has its own rules', () => {
    expect(() => checkSpec({ method: 'custom', parameters: {}, composite })).not.toThrow()
    expect(() => checkSpec({ method: 'custom', parameters: {} })).toThrow(/custom has no rules/)
    expect(() => checkSpec({ method: 'epsilon', parameters: {}, composite })).toThrow(
      /epsilon has rules of its own, so the composite “Mine” would decide nothing/,
    )
  })

  it('the gradient in place of rules, and a method that has none', () => {
    const missing = 'gradient' as const
    expect(() => checkSpec({ method: 'epsilon', parameters: {}, missing })).not.toThrow()
    expect(() => checkSpec({ method: 'smoothgrad', parameters: {}, missing })).toThrow(
      /smoothgrad needs no rules/,
    )
    expect(() =>
      checkSpec({ method: 'smoothgrad', parameters: {}, missing: 'refuse' }),
    ).not.toThrow()
  })
})
