import { describe, expect, it } from 'vitest'
import type { CustomComposite } from '../../../src/shared/explanation/composite'
import { parseComposite } from '../../../src/shared/explanation/compositeFile'
import { compositeLines } from '../../../src/shared/explanation/compositeWords'

const whole = {
  schema: 'pixelwise-composite/1',
  name: 'Mine',
  layers: [{ select: {}, apply: { rule: 'zero' } }],
}
const withLayer = (select: object, apply: object) => ({
  ...whole,
  layers: [whole.layers[0], { select, apply }],
})
const read = (value: unknown): CustomComposite => parseComposite(JSON.stringify(value), 'my.json')

describe('a composite file', () => {
  it('is filled up with what is usual', () => {
    expect(read(withLayer({ layer: 'dense', to: 3 }, { rule: 'gamma' }))).toEqual({
      ...whole,
      description: '',
      layers: [
        { select: { layer: 'any' }, apply: { rule: 'zero' } },
        { select: { layer: 'dense', to: 3 }, apply: { rule: 'gamma', gamma: 0.25 } },
      ],
      activations: 'pass',
      normalisations: 'pass',
      attention: 'half',
    })
  })

  it.each<[string, unknown, string]>([
    ['nothing', null, 'it must be an object'],
    ['another schema', { ...whole, schema: 'x' }, 'schema must be “pixelwise-composite/1”'],
    ['no name', { ...whole, name: '' }, 'name must not be empty'],
    ['no rules', { ...whole, layers: [] }, 'layers must not be empty'],
    ['a stray word', { ...whole, layer: 1 }, 'it has “layer”, which is not part of the format'],
    ['a missing part', { ...whole, layers: [{ select: {} }] }, 'layers[0].apply is missing'],
    [
      'an unknown rule',
      withLayer({}, { rule: 'magic' }),
      'layers[1].apply.rule must be one of zero',
    ],
    [
      'an unknown layer',
      withLayer({ layer: 'conv' }, { rule: 'zero' }),
      'layers[1].select.layer must be one of any, convolution, dense, first or firstConvolution',
    ],
    [
      'a word for a number',
      withLayer({}, { rule: 'gamma', gamma: 'much' }),
      'layers[1].apply.gamma must be a number',
    ],
    [
      'a number out of range',
      withLayer({}, { rule: 'epsilon', epsilon: -1 }),
      'layers[1].apply.epsilon must be at least 0',
    ],
    [
      'α − β that is not 1',
      withLayer({}, { rule: 'alphaBeta', alpha: 2, beta: 2 }),
      'layers[1].apply is wrong: alpha − beta must be 1',
    ],
    [
      'a box inside out',
      withLayer({}, { rule: 'zBox', low: [0, 2], high: 1 }),
      'layers[1].apply is wrong: low 2 is above high 1 in channel 1',
    ],
    [
      'bounds for other channels',
      withLayer({}, { rule: 'zBox', low: [0, 0, 0], high: [1, 1] }),
      'layers[1].apply is wrong: low is for 3 channels and high for 2',
    ],
    [
      'bounds that are words',
      withLayer({}, { rule: 'zBox', low: 'dark', high: 1 }),
      'layers[1].apply.low must be a number, or a list of numbers, one per channel',
    ],
    [
      'a range of no layers',
      withLayer({ from: 5, to: 2 }, { rule: 'zero' }),
      'layers[1].select is wrong: from is above to',
    ],
    [
      'half a layer',
      withLayer({ from: 1.5 }, { rule: 'zero' }),
      'layers[1].select.from must be a whole number',
    ],
    [
      'many stray words, one of them long',
      { ...whole, ['k'.repeat(1000)]: 1, b: 1, c: 1, d: 1, e: 1 },
      `it has “${'k'.repeat(60)}…”, “b”, “c” and 2 more, which are not part of the format.`,
    ],
    [
      'a costly pattern',
      withLayer({ name: '*a*a*a*a*a*a*a*a*' }, { rule: 'zero' }),
      'layers[1].select.name is wrong: at most eight *',
    ],
  ])('with %s is refused by its place', (_, value, sentence) => {
    expect(() => read(value)).toThrow(
      expect.objectContaining({
        code: 'invalid-input',
        message: expect.stringContaining(
          `“my.json” is not a composite that can be used: ${sentence}`,
        ),
      }),
    )
  })

  it('that is no JSON is refused by its line', () => {
    expect(() => parseComposite('{\n  "name": "x"\n  "layers": []\n}', 'my.json')).toThrow(
      /“my.json” is not JSON: Expected .* \(line 3\)\./,
    )
    expect(() => parseComposite('', 'my.json')).toThrow(/is not JSON/)
    expect(() => parseComposite('['.repeat(200_000), 'my.json')).toThrow(/is not JSON/)
  })

  it('is told rule by rule, and by what is not as usual', () => {
    const composite = read({
      ...whole,
      layers: [
        { select: { layer: 'firstConvolution' }, apply: { rule: 'zBox', low: [-2, -1], high: 1 } },
        { select: { layer: 'convolution', to: 4 }, apply: { rule: 'gamma' } },
        { select: { name: 'features.*', from: 5, to: 5 }, apply: { rule: 'flat' } },
        { select: { from: 6 }, apply: { rule: 'alphaBeta', alpha: 2, beta: 1 } },
        { select: {}, apply: { rule: 'epsilon' } },
      ],
      attention: 'constant',
    })
    expect(compositeLines(composite)).toEqual([
      ['the first convolution', 'zBox from -2, -1 to 1'],
      ['convolutions, layers 1 to 4', 'gamma 0.25'],
      ['every layer named “features.*”, layer 5', 'flat'],
      ['every layer, from layer 6', 'alphaBeta 2, 1'],
      ['every layer', 'epsilon 1e-6'],
      ['attention', 'held constant'],
    ])
  })
})
