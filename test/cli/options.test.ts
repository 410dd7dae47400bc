import { describe, expect, it } from 'vitest'
import { AppError } from '../../src/shared/errors'
import {
  parseClasses,
  parseMethod,
  parseMissing,
  parseOptions,
  parseParameters,
  parseScope,
  parseStart,
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

  it('refuses a parameter that is given twice', () => {
    expect(() => parseParameters(['gamma=1', 'gamma=2'])).toThrow(refusal(/twice/))
  })

  it('reads words where a parameter has words, and names them where it has others', () => {
    expect(parseParameters(['baseline=mean', 'lrn=taylor', 'steps=50', 'seed=0'])).toEqual({
      baseline: 'mean',
      lrn: 'taylor',
      steps: 50,
      seed: 0,
    })
    const refused = (pair: string) => {
      try {
        parseParameters([pair])
      } catch (error) {
        return error instanceof AppError ? error.hint : ''
      }
      return 'not refused'
    }
    expect(refused('baseline=grey')).toBe('baseline is one of zero, mean, low, high or blur.')
    expect(refused('baseline=0')).toContain('one of zero')
    expect(refused('steps=2.5')).toBe('steps is a whole number from 1 to 10,000.')
    expect(refused('noise=11')).toBe('noise is a number from 0 to 10.')
    expect(refused('magic=1')).toMatch(/^Parameters: epsilon, .*stride\.$/)
  })

  it('reads one class, several, and the best few', () => {
    const one = (target: object) => ({ kind: 'one', target })
    expect(parseClasses('top', undefined)).toEqual(one({ kind: 'top' }))
    expect(parseClasses('7', undefined)).toEqual(one({ kind: 'class', index: 7 }))
    expect(parseClasses('7', '3')).toEqual(one({ kind: 'contrast', index: 7, against: 3 }))
    expect(parseClasses('3,7', undefined)).toEqual({
      kind: 'several',
      targets: [
        { kind: 'class', index: 3 },
        { kind: 'class', index: 7 },
      ],
    })
    expect(parseClasses('3,7', '1')).toMatchObject({
      targets: [{ against: 1 }, { index: 7, against: 1 }],
    })
    expect(parseClasses('top5', undefined)).toEqual({ kind: 'best', count: 5 })
  })

  it.each([
    ['cat', undefined, /class number/],
    ['-1', undefined, /class number/],
    ['3,', undefined, /class number/],
    ['top', '1', /--against/],
    ['top3', '1', /--against/],
    ['top1', undefined, /the best 2 to 5 classes/],
    ['top6', undefined, /the best 2 to 5 classes/],
    ['3,7,3', undefined, /names class 3 twice/],
    [Array.from({ length: 21 }, (_, i) => i).join(','), undefined, /names 21 classes/],
  ])('refuses --class %s against %s', (value, against, sentence) => {
    expect(() => parseClasses(value, against)).toThrow(refusal(sentence))
  })

  it('reads what to do where a rule is missing', () => {
    expect(parseMissing(undefined)).toBeUndefined()
    expect(parseMissing('gradient')).toBe('gradient')
    expect(() => parseMissing('guess')).toThrow(refusal(/not refuse or gradient/))
  })

  it('reads tiles, methods and starts', () => {
    expect(parseScope(undefined)).toEqual({ kind: 'whole' })
    expect(parseScope('64,96')).toEqual({ kind: 'tile', x: 64, y: 96 })
    expect(() => parseScope('64')).toThrow(refusal(/--tile/))
    expect(parseMethod('epsilon-plus')).toBe('epsilon-plus')
    expect(() => parseMethod('magic')).toThrow(refusal(/no method “magic”/))
    expect(() => parseStart('two')).toThrow(refusal(/logit or unit/))
  })

  it('refuses options that are given twice, but for those that may be', () => {
    const options = {
      class: { type: 'string' },
      param: { type: 'string', multiple: true },
    } as const
    expect(() => parseOptions(['--class', '2', '--class', '3'], options)).toThrow(
      refusal(/--class is given twice/),
    )
    expect(parseOptions(['--param', 'a', '--param', 'b'], options).param).toEqual(['a', 'b'])
  })

  it('says how a value is given that begins with a dash', () => {
    const options = { class: { type: 'string', short: 'c' } } as const
    expect(() => parseOptions(['--class', '-1'], options)).toThrow(
      expect.objectContaining({
        message: '--class has no value, or one that begins with a dash.',
        hint: 'Such a value is joined with “=”: --class=-1.',
      }),
    )
  })

  it('refuses what it does not know', () => {
    const known = { model: { type: 'string' } } as const
    expect(parseOptions(['--model', 'm'], known)).toEqual({ model: 'm' })
    expect(() => parseOptions(['--modle', 'm'], known)).toThrow(refusal(/--modle/))
    expect(() => parseOptions(['stray'], known)).toThrow(refusal(/stray/))
    expect(() => parseOptions(['--model'], known)).toThrow(refusal(/--model/))
  })
})
