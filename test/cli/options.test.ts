import { describe, expect, it } from 'vitest'
import {
  checkParameters,
  parseMethod,
  parseOptions,
  parseParameters,
  parseScope,
  parseStart,
  parseTarget,
} from '../../src/cli/options'

const refusal = (sentence: RegExp) =>
  expect.objectContaining({ code: 'invalid-input', message: expect.stringMatching(sentence) })

describe('the command line’s options', () => {
  it('reads parameters, lists for low and high', () => {
    expect(parseParameters(['epsilon=1e-6', 'low=-2.1,-2,-1.8', 'high=3'])).toEqual({
      epsilon: 1e-6,
      low: [-2.1, -2, -1.8],
      high: 3,
    })
    expect(parseParameters([])).toEqual({})
  })

  it.each([
    ['epsilon', /not understood/],
    ['epsilon=', /not understood/],
    ['epsilon=one', /not understood/],
    ['epsilon=1,2', /not understood/],
    ['low=1,,2', /not understood/],
    ['epsilon=Infinity', /not understood/],
    ['delta=1', /not understood/],
    ['__proto__=1', /not understood/],
    ['epsilon=-1', /--param/],
  ])('refuses --param %s', (pair, sentence) => {
    expect(() => parseParameters([pair])).toThrow(refusal(sentence))
  })

  it('refuses a parameter that the method would ignore', () => {
    expect(() => checkParameters('epsilon-plus', { gamma: 0.5 })).toThrow(
      refusal(/no parameter gamma/),
    )
    expect(() => checkParameters('gradient', { epsilon: 1 })).toThrow(
      refusal(/no parameter epsilon/),
    )
    expect(() => checkParameters('zero', { epsilon: 1 })).toThrow(refusal(/no parameter epsilon/))
    expect(() => checkParameters('epsilon-gamma-box', { gamma: 1, low: 0 })).not.toThrow()
    expect(() => checkParameters('epsilon-plus-flat', { epsilon: 0 })).not.toThrow()
  })

  it('refuses a parameter that is given twice', () => {
    expect(() => parseParameters(['gamma=1', 'gamma=2'])).toThrow(refusal(/twice/))
  })

  it('reads targets', () => {
    expect(parseTarget('top', undefined)).toEqual({ kind: 'top' })
    expect(parseTarget('7', undefined)).toEqual({ kind: 'class', index: 7 })
    expect(parseTarget('7', '3')).toEqual({ kind: 'contrast', index: 7, against: 3 })
    expect(() => parseTarget('cat', undefined)).toThrow(refusal(/class number/))
    expect(() => parseTarget('-1', undefined)).toThrow(refusal(/class number/))
    expect(() => parseTarget('top', '1')).toThrow(refusal(/--against/))
  })

  it('reads tiles, methods and starts', () => {
    expect(parseScope(undefined)).toEqual({ kind: 'whole' })
    expect(parseScope('64,96')).toEqual({ kind: 'tile', x: 64, y: 96 })
    expect(() => parseScope('64')).toThrow(refusal(/--tile/))
    expect(parseMethod('epsilon-plus')).toBe('epsilon-plus')
    expect(() => parseMethod('magic')).toThrow(refusal(/no method “magic”/))
    expect(() => parseStart('two')).toThrow(refusal(/logit or unit/))
  })

  it('refuses what it does not know', () => {
    const known = { model: { type: 'string' } } as const
    expect(parseOptions(['--model', 'm'], known)).toEqual({ model: 'm' })
    expect(() => parseOptions(['--modle', 'm'], known)).toThrow(refusal(/--modle/))
    expect(() => parseOptions(['stray'], known)).toThrow(refusal(/stray/))
    expect(() => parseOptions(['--model'], known)).toThrow(refusal(/--model/))
  })
})
