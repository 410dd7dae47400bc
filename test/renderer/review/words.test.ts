import { describe, expect, it } from 'vitest'
import { ledgerSchema, type LedgerEntry } from '../../../src/shared/explanation/result'
import {
  methodNames,
  methodParametersSchema,
  type MethodParameters,
  type ParameterName,
} from '../../../src/shared/explanation/method'
import { parameterChoices } from '../../../src/shared/explanation/parameterRanges'
import { standInText } from '../../../src/shared/explanation/standIns'
import type { ModelTraits } from '../../../src/shared/explanation/traits'
import { filters, imageState, passes } from '../../../src/renderer/review/imageState'
import {
  entrySentence,
  ledgerSentence,
  residualText,
} from '../../../src/renderer/review/ledgerWords'
import {
  boxBounds,
  madeForText,
  methodGroups,
  methodWords,
  mismatchText,
  parametersFor,
  parametersShown,
} from '../../../src/renderer/review/methodWords'
import { parameterWords, usualText } from '../../../src/renderer/review/parameterWords'
import { readParameter } from '../../../src/renderer/review/parameterText'
import { withSide } from '../../../src/renderer/review/regionSides'
import { nextColour, regionColours } from '../../../src/renderer/review/regionWords'
import { evidenceText } from '../../../src/renderer/review/evidence'
import { regionSchema } from '../../../src/shared/review/region'
import { card, session } from '../actions/snapshotFixture'

const [image] = session.images

describe('the state of an image', () => {
  it('is a sign, a word and a colour', () => {
    if (!image) throw new Error('no image')
    expect(imageState(image, false)).toEqual({ sign: '✓', word: 'agreed', tone: 'good' })
    const open = { ...image, decision: null }
    expect(imageState(open, false).word).toBe('unread')
    expect(imageState(open, true).word).toBe('in review')
    expect(imageState({ ...open, touched: true }, false).word).toBe('in review')
    expect(filters.filter((filter) => passes(open, filter))).toEqual(['all', 'open'])
    expect(filters.filter((filter) => passes(image, filter))).toEqual(['all', 'agree'])
  })
})

describe('methods in words', () => {
  it('describe every method', () => {
    for (const name of methodNames) {
      const { description } = methodWords[name]
      // One sentence of two lines at most, so that choosing moves nothing below.
      expect(description).toMatch(/^[A-Z].{20,98}\.$/u)
      expect(description.slice(0, -1)).not.toContain('. ')
    }
  })

  it('know the darkest and the brightest input', () => {
    // (0 − 0.5) / 0.25 = −2; (255/255 − 0.5) / 0.25 = 2
    expect(boxBounds(card.input).low).toEqual([-2, -2, -2])
    expect(boxBounds(card.input).high.map((value) => Math.round(value * 1e9) / 1e9)).toEqual([
      2, 2, 2,
    ])
    const negative = boxBounds({ ...card.input, std: [-0.25, 0.25, 0.25] })
    expect(negative.low[0]).toBeCloseTo(-2)
    expect(negative.high[0]).toBeCloseTo(2)
  })

  it('carry over the parameters that the next method uses', () => {
    const before = { epsilon: 0.25, gamma: 1 }
    expect(parametersFor('epsilon', before, card.input)).toEqual({ epsilon: 0.25 })
    expect(parametersFor('zero', before, card.input)).toEqual({})
    expect(parametersFor('epsilon-gamma-box', before, card.input)).toMatchObject({
      epsilon: 0.25,
      gamma: 1,
      low: [-2, -2, -2],
    })
  })

  it('read a parameter, or say what it must be', () => {
    const read = (name: ParameterName, text: string, before: MethodParameters = {}) => {
      const { parameters, problem } = readParameter('epsilon-gamma-box', name, text, before)
      return parameters ?? problem
    }
    expect(read('epsilon', '1e-3')).toEqual({ epsilon: 1e-3 })
    expect(read('epsilon', '', { epsilon: 1, gamma: 2 })).toEqual({ gamma: 2 })
    expect(read('epsilon', '-1')).toBe('Write a number from 0 to 1,000,000.')
    expect(read('epsilon', '1, 2')).toBe('Write a number from 0 to 1,000,000.')
    expect(read('epsilon', 'much')).toBe('Write a number from 0 to 1,000,000.')
    expect(read('low', '-2, -1, 0')).toEqual({ low: [-2, -1, 0] })
    // Each alone possible, together not.
    expect(read('low', '3', { high: 1 })).toBe('low 3 is above high 1.')
    expect(readParameter('occlusion', 'baseline', 'mean', {}).parameters).toEqual({
      baseline: 'mean',
    })
    expect(readParameter('occlusion', 'baseline', '0', {}).parameters).toBeNull()
    expect(readParameter('smoothgrad', 'samples', '2.5', {}).problem).toMatch(/whole number/)
  })

  it('state what an empty field stands for', () => {
    expect(usualText('steps', 'integrated-gradients')).toBe('20')
    expect(usualText('steps', 'taylor')).toBe('40')
    expect(usualText('baseline', 'taylor')).toBe('zero')
    // What is chosen from words has a usual one among them, or none could be shown as chosen.
    for (const name of methodParametersSchema.keyof().options) {
      const { choices } = parameterWords[name]
      expect(Object.keys(choices ?? {})).toEqual(parameterChoices[name] ?? [])
      if (choices) expect(Object.keys(choices)).toContain(usualText(name, 'epsilon'))
    }
  })

  it('stand in the chooser once each, under their heading', () => {
    const listed = methodGroups.flatMap(({ methods }) => methods)
    expect(listed.toSorted()).toEqual(methodNames.toSorted())
  })

  it('are marked where they were made for another kind of network', () => {
    const family = (name: ModelTraits['family']) => ({ family: name, localNormalisation: false })
    expect(madeForText('attn-lrp', family('convolutional'))).toBe('for transformers')
    expect(madeForText('attn-lrp', family('transformer'))).toBe('')
    expect(mismatchText('epsilon-plus', family('transformer'))).toBe(
      'Made for convolutional networks; for this transformer try AttnLRP.',
    )
    expect(mismatchText('epsilon-plus', family('convolutional'))).toBe('')
    expect(mismatchText('gradient', family('transformer'))).toBe('')
    expect(mismatchText('epsilon-plus', null)).toBe('')
  })

  it('ask for the treatment of local normalisation only where there is one', () => {
    const traits = { family: 'convolutional', localNormalisation: false } as const
    expect(parametersShown('epsilon', traits)).toEqual(['epsilon'])
    expect(parametersShown('epsilon', { ...traits, localNormalisation: true })).toContain('lrn')
    expect(parametersShown('epsilon', null)).toContain('lrn')
  })
})

describe('the ledger in words', () => {
  const entry: LedgerEntry = {
    node: '/conv',
    operator: 'Conv',
    rule: 'zPlus',
    relevanceOut: 4,
    relevanceIn: 3.5,
    bias: 0.5,
    stabiliser: 0,
    unexplained: 0,
    residual: 1e-7,
    relativeResidual: 2e-6,
  }
  const ledger = ledgerSchema.parse({
    entries: [entry, { ...entry, node: '/fc', relativeResidual: 3e-3 }],
    largestResidual: 3e-3,
    tolerance: 1e-4,
    balanced: false,
  })

  it('says that it balances and how well', () => {
    const good = { ...ledger, largestResidual: 2e-6, balanced: true }
    expect(ledgerSentence(good)).toBe('Relevance balances at all 2 layers (2·10⁻⁶)')
  })

  it('names the worst layer when it does not', () => {
    expect(ledgerSentence(ledger)).toContain('3·10⁻³ is unaccounted for at /fc')
  })

  it('says where a layer’s relevance went, leaving out what is nothing', () => {
    expect(entrySentence(entry, 1e-4)).toBe(
      'Was given +4.00, passed on +3.50, bias +0.500; balances.',
    )
  })

  it('says where the gradient stood in for a rule', () => {
    expect(standInText(null)).toBe('')
    expect(standInText(ledger)).toBe('')
    const marked = { ...entry, rule: 'gradient' }
    expect(standInText({ ...ledger, entries: [entry, marked] })).toBe(
      'the gradient at one node without a rule',
    )
    expect(standInText({ ...ledger, entries: [marked, marked] })).toBe(
      'the gradient at 2 nodes without a rule',
    )
  })

  it('rounds to one digit', () => {
    expect(residualText(0)).toBe('0')
    expect(residualText(9.7e-7)).toBe('1·10⁻⁶')
  })
})

describe('regions', () => {
  const region = regionSchema.parse({
    id: '00000000-0000-4000-8000-000000000010',
    geometry: { kind: 'rectangle', x: 1, y: 2, width: 3, height: 4 },
    label: '',
    colour: '#ffd866',
    note: '',
    createdAt: '2026-07-14T10:00:00.000Z',
  })

  it('take the colour least used', () => {
    expect(nextColour([])).toBe(regionColours[0]?.value)
    expect(nextColour([region])).toBe(regionColours[1]?.value)
    const all = regionColours.map(({ value }) => ({ ...region, colour: value }))
    expect(nextColour(all)).toBe(regionColours[0]?.value)
  })

  it('change one number at a time, and never to an impossible shape', () => {
    expect(withSide(region.geometry, 'width', 9)).toMatchObject({ width: 9, height: 4 })
    expect(withSide(region.geometry, 'width', -1)).toBeNull()
    expect(withSide({ kind: 'point', x: 1, y: 2 }, 'x', 5)).toEqual({ kind: 'point', x: 5, y: 2 })
  })

  it('say what they hold', () => {
    const evidence = { area: 9, areaShare: 0.1, positiveShare: 0.31, negativeShare: 0.04 }
    expect(evidenceText(evidence)).toMatch(/^holds 31\s% of the evidence for, 4\s% against$/)
    expect(evidenceText({ ...evidence, negativeShare: null })).toMatch(/evidence for$/)
    expect(evidenceText({ ...evidence, positiveShare: null, negativeShare: null })).toBe(
      'there is no evidence to hold',
    )
  })
})
