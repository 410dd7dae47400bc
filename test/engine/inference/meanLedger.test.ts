import { describe, expect, it } from 'vitest'
import { ledgerMean } from '../../../src/engine/inference/meanLedger'

const entry = {
  node: 'conv1',
  operator: 'Conv',
  rule: 'epsilon',
  relevanceOut: 10,
  relevanceIn: 7,
  bias: 2,
  stabiliser: 0.5,
  unexplained: 0.25,
  residual: 0.25,
  relativeResidual: 0.001,
}

describe('the mean ledger', () => {
  it('divides the sums by the samples and stays balanced', () => {
    const ledger = ledgerMean()
    ledger.add([entry])
    ledger.add([{ ...entry, relevanceOut: 2, relevanceIn: -1, relativeResidual: 0.01 }])
    const [mean] = ledger.mean(4)
    expect(mean).toMatchObject({
      node: 'conv1',
      relevanceOut: 3,
      relevanceIn: 1.5,
      bias: 1,
      // The worst of the batches, not their mean.
      relativeResidual: 0.01,
    })
    const parts =
      (mean?.relevanceIn ?? 0) +
      (mean?.bias ?? 0) +
      (mean?.stabiliser ?? 0) +
      (mean?.unexplained ?? 0) +
      (mean?.residual ?? 0)
    expect(parts).toBeCloseTo(mean?.relevanceOut ?? Number.NaN, 12)
  })
})
