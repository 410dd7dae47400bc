import { describe, expect, it } from 'vitest'
import { ledgerShares, sumSentence } from '../../../src/renderer/ledger/ledgerText'
import { imagesOfPart } from '../../../src/renderer/report/parts'
import { initials } from '../../../src/renderer/shell/initials'
import { result } from '../../store/samples'
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
})

describe('where the start relevance ended up', () => {
  const entry = {
    node: 'n',
    operator: 'Conv',
    rule: 'zPlus',
    relevanceOut: 0.5,
    relevanceIn: 0.3,
    bias: 0.25,
    stabiliser: 0,
    unexplained: -0.05,
    residual: 0,
    relativeResidual: 0,
  }
  const ledger = { entries: [entry], largestResidual: 0, tolerance: 1e-4, balanced: true }
  // 0.5 given, 0.25 − 0.05 = 0.2 kept, 0.3 reached the pixels.
  const whole = { ...result, startRelevance: 0.5, sumRelevance: 0.3, ledger }

  it('is the start less what the layers kept', () => {
    expect(sumSentence({ ...whole, prediction: { ...whole.prediction, tiling: null } })).toBe(
      '+0.5000 was given to the logits, +0.3000 reached the pixels, +0.2000 stayed in biases, stabilisers and rules.',
    )
  })

  it('is told per tile where the map is a mean of tiles, whose sum means something else', () => {
    const tiling = { count: 4, width: 2, height: 2, stride: 1 }
    const tiled = { ...whole, sumRelevance: 9, prediction: { ...whole.prediction, tiling } }
    expect(sumSentence(tiled)).toMatch(/^Per tile, on average: \+0.5000 .* \+0.3000 reached/)
  })

  it('makes no claim for methods without a ledger', () => {
    expect(sumSentence({ ...whole, ledger: null })).toContain('does not distribute')
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
