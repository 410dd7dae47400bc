import { describe, expect, it } from 'vitest'
import { ledgerSchema, type LedgerEntry } from '../../../src/shared/explanation/result'
import { methodNames } from '../../../src/shared/explanation/method'
import { filters, imageState, passes } from '../../../src/renderer/review/imageState'
import {
  entrySentence,
  ledgerSentence,
  residualText,
} from '../../../src/renderer/review/ledgerWords'
import { boxBounds, methodWords, parametersFor } from '../../../src/renderer/review/methodWords'
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
    for (const name of methodNames) expect(methodWords[name].description.length).toBeGreaterThan(20)
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

  it('read a parameter, or say that it cannot be used', () => {
    expect(readParameter('epsilon', '1e-3', {})).toEqual({ epsilon: 1e-3 })
    expect(readParameter('epsilon', '', { epsilon: 1, gamma: 2 })).toEqual({ gamma: 2 })
    expect(readParameter('epsilon', '-1', {})).toBeNull()
    expect(readParameter('epsilon', '1, 2', {})).toBeNull()
    expect(readParameter('low', '-2, -1, 0', {})).toEqual({ low: [-2, -1, 0] })
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
