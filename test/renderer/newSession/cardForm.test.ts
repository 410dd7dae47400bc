import { describe, expect, it } from 'vitest'
import {
  fieldsOf,
  readCard,
  readNumber,
  readNumbers,
} from '../../../src/renderer/newSession/cardForm'
import { card } from '../actions/snapshotFixture'

const fields = fieldsOf(card)

describe('the form of a proposed card', () => {
  it('gives back the card it was made from', () => {
    expect(readCard(card, fields)).toEqual({ card, problems: null })
  })

  it('reads fractions and lists', () => {
    expect(readNumber(' 1/255 ')).toBe(1 / 255)
    expect(readNumber('1/0')).toBeNull()
    expect(readNumber('')).toBeNull()
    expect(readNumber('1/2/3')).toBeNull()
    expect(readNumbers('0.5, 0.25; 1/8')).toEqual([0.5, 0.25, 0.125])
    expect(readNumbers('0.5, x')).toBeNull()
    expect(readNumbers('  ')).toBeNull()
  })

  it('takes what the expert changed', () => {
    const { card: read } = readCard(card, {
      ...fields,
      labels: 'Katze\nHund\n\nMolch\n',
      channels: 'GRAY',
      mean: '0.1307',
      std: '0.3081',
      fit: 'resize',
      output: 'probabilities',
    })
    expect(read).toMatchObject({
      labels: ['Katze', 'Hund', 'Molch'],
      input: { channels: 'GRAY', mean: [0.1307], std: [0.3081] },
      fit: 'resize',
      output: { kind: 'probabilities' },
    })
  })

  it('keeps what the form does not show', () => {
    const { card: read } = readCard({ ...card, limits: 'Toys only.' }, fields)
    expect(read?.limits).toBe('Toys only.')
  })

  it.each([
    ['name', ' ', /needs a name/],
    ['labels', 'only\ntwo', /3 classes; here are 2/],
    ['width', '64.5', /whole number/],
    ['height', '0', /whole number/],
    ['scale', '0', /above 0/],
    ['mean', '0.5', /Three numbers/],
    ['std', '1, 0, 1', /Dividing by 0/],
  ] as const)('says what is wrong with %s = “%s”', (field, text, words) => {
    const { card: read, problems } = readCard(card, { ...fields, [field]: text })
    expect(read).toBeNull()
    expect(problems?.[field]).toMatch(words)
    expect(Object.keys(problems ?? {})).toEqual([field])
  })
})
