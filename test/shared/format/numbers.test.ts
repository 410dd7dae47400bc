import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatBytes,
  formatDate,
  formatDuration,
  formatProbability,
  formatRelevance,
  formatShare,
  superscript,
} from '../../../src/shared/format/numbers'

const spaced = (text: string) => text.replaceAll(' ', '\u00a0')

describe('formatProbability', () => {
  it.each([
    [0, '0.00'],
    [1, '1.00'],
    [0.91, '0.91'],
    [0.005, '0.01'],
    [0.0049, spaced('< 0.01')],
    [0.9949, '0.99'],
    [0.9951, spaced('> 0.99')],
    [Number.NaN, '–'],
  ])('writes %d as %s', (value, text) => expect(formatProbability(value)).toBe(text))
})

describe('formatRelevance', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [0.0021, '2.1·10⁻³'],
    [-0.0037, '−3.7·10⁻³'],
    [2e-6, '2.0·10⁻⁶'],
    [0.000021, '21·10⁻⁶'],
    [0.5, '0.50'],
    [7.312, '7.3'],
    [214, '214'],
    [999.6, '1.0·10³'],
    [99.96, '100'],
    [0.09996, '0.10'],
    [1.5e7, '15·10⁶'],
    [Infinity, '∞'],
    [-Infinity, '−∞'],
    [Number.NaN, '–'],
  ])('writes %d as %s', (value, text) => expect(formatRelevance(value)).toBe(text))

  it('takes more digits and a sign', () => {
    expect(formatRelevance(0.0021, { digits: 3, signed: true })).toBe('+2.10·10⁻³')
    expect(formatRelevance(-7.3124, { digits: 4, signed: true })).toBe('−7.312')
    expect(formatRelevance(0, { signed: true })).toBe('0')
  })

  it('reads back as the number, to half a unit of the last digit', () => {
    const values = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e30, max: 1e30 })
    fc.assert(
      fc.property(values, (value) => {
        if (Math.abs(value) < 1e-300) return
        const [mantissa = '', exponent = '⁰'] = formatRelevance(value, { digits: 3 }).split('·10')
        const digits = [...exponent].map((c) => (c === '⁻' ? '-' : String('⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(c))))
        const read = Number(`${mantissa.replace('−', '-')}e${digits.join('')}`)
        expect(Math.abs(read - value)).toBeLessThanOrEqual(Math.abs(value) * 0.00501)
        expect(Number(digits.join('')) % 3).toBeCloseTo(0)
      }),
    )
  })
})

describe('formatShare', () => {
  it.each([
    [0, '0 %'],
    [1, '100 %'],
    [0.31, '31 %'],
    [0.04, '4 %'],
    [0.0791, '7.9 %'],
    [0.0996, '10 %'],
    [0.0004, '< 0.1 %'],
    [0.9971, '> 99 %'],
    [null, '–'],
  ])('writes %d as %s', (value, text) => expect(formatShare(value)).toBe(spaced(text)))
})

it('writes bytes in decimal units', () => {
  expect(formatBytes(1)).toBe(spaced('1 byte'))
  expect(formatBytes(532)).toBe(spaced('532 bytes'))
  expect(formatBytes(4_100_000)).toBe(spaced('4.1 MB'))
  expect(formatBytes(999_999)).toBe(spaced('1.0 MB'))
  expect(formatBytes(31_000_000)).toBe(spaced('31 MB'))
})

it('writes durations in the unit a reader wants', () => {
  expect(formatDuration(3.44)).toBe(spaced('3.4 ms'))
  expect(formatDuration(38)).toBe(spaced('38 ms'))
  expect(formatDuration(1234)).toBe(spaced('1.2 s'))
  expect(formatDuration(59_700)).toBe('1\u00a0min 0\u00a0s')
  expect(formatDuration(125_000)).toBe('2\u00a0min 5\u00a0s')
})

it('writes dates in UTC, whatever zone the machine is in', () => {
  expect(formatDate('2026-07-14T12:42:07.123+02:00')).toBe('2026-07-14 10:42:07\u00a0UTC')
  expect(formatDate('never')).toBe('–')
})

it('writes exponents', () => {
  expect(superscript(-16)).toBe('⁻¹⁶')
})
