import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { probabilitiesOf, softmax, topScores } from '../../../src/engine/inference/scores'

describe('softmax', () => {
  it('sums to 1 and does not overflow', () => {
    expect(softmax([1000, 1000])).toEqual([0.5, 0.5])
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 }),
        (z) => {
          expect(softmax(z).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9)
        },
      ),
    )
  })

  it('is e^a / (e^a + e^b)', () => {
    expect(softmax([Math.log(3), 0])[0]).toBeCloseTo(0.75, 12)
  })
})

describe('probabilities', () => {
  it('of classes that do not exclude each other are the sigmoids', () => {
    // 1 / (1 + e^−ln 3) = 3/4; 1 / (1 + e^0) = 1/2: they need not sum to 1.
    const [three, zero] = probabilitiesOf('sigmoid', [Math.log(3), 0])
    expect(three).toBeCloseTo(0.75, 12)
    expect(zero).toBe(0.5)
  })

  it('of one class alone are its sigmoid: softmax would always say 1', () => {
    expect(probabilitiesOf('softmax', [-Math.log(3)])[0]).toBeCloseTo(0.25, 12)
    expect(probabilitiesOf('sigmoid', [-1000, 1000])).toEqual([0, 1])
  })
})

describe('topScores', () => {
  it('gives at most five, best first, equal ones by index', () => {
    const logits = [1, 5, 3, 5, 2, 0]
    const top = topScores(['a', 'b', 'c', 'd', 'e', 'f'], logits, softmax(logits))
    expect(top.map(({ label }) => label)).toEqual(['b', 'd', 'c', 'e', 'a'])
  })

  it('follows the mean probability where it disagrees with the mean logit', () => {
    const top = topScores(['a', 'b'], [2, 1], [0.4, 0.6])
    expect(top.map(({ index }) => index)).toEqual([1, 0])
  })
})
