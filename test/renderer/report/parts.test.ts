import { describe, expect, it } from 'vitest'
import { ledgerShares, sumSentence } from '../../../src/renderer/ledger/ledgerText'
import { imagesOfPart } from '../../../src/renderer/report/parts'
import { initials } from '../../../src/renderer/shell/initials'
import { session } from '../actions/snapshotFixture'

const { images } = session
const [first, second] = images.map(({ id }) => id)

describe('the parts of a report', () => {
  it('cover this image, the judged ones, or all', () => {
    expect(imagesOfPart('image', images, second ?? null)).toEqual([second])
    expect(imagesOfPart('judged', images, second ?? null)).toEqual([first])
    expect(imagesOfPart('session', images, second ?? null)).toHaveLength(3)
    expect(imagesOfPart('image', images, null)).toEqual([])
  })
})

describe('the ledger’s bars', () => {
  it('share one scale per layer and keep their signs', () => {
    const shares = ledgerShares({
      node: 'n',
      operator: 'Conv',
      rule: 'zPlus',
      relevanceOut: 2,
      relevanceIn: 4,
      bias: -2,
      stabiliser: 0,
      unexplained: 0,
      residual: 0,
      relativeResidual: 0,
    })
    expect(shares).toMatchObject({ given: 0.5, passed: 1, bias: -0.5, stabiliser: 0 })
  })

  it('does not divide by a start of 0', () => {
    const zero = { startRelevance: 0, sumRelevance: 0 } as Parameters<typeof sumSentence>[0]
    expect(sumSentence(zero)).not.toContain('NaN')
  })
})

describe('initials', () => {
  it.each([
    ['Anna Ruiz', 'AR'],
    ['Dr. Anna-Maria de la Ruiz', 'DR'],
    ['Özge', 'Ö'],
    ['  ', ''],
    ['42', ''],
  ])('%s → %s', (name, letters) => {
    expect(initials(name)).toBe(letters)
  })
})
