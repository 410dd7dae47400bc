import { describe, expect, it } from 'vitest'
import { computedBy, reproducibilityOf } from '../../../src/shared/explanation/provider'
import { explanationResultSchema, predictionSchema } from '../../../src/shared/explanation/result'
import { settingsSchema } from '../../../src/shared/session'
import { prediction, result } from '../../store/samples'

describe('what computed a result', () => {
  it('is said with its threads where they are known', () => {
    expect(computedBy({ provider: 'cpu', threads: 1 })).toBe('CPU, 1 thread')
    expect(computedBy({ provider: 'directml', threads: 8 })).toBe('DirectML, 8 threads')
    expect(computedBy({ provider: 'cpu', threads: null })).toBe('CPU')
    expect(computedBy({ provider: 'elsewhere', threads: null })).toBe('elsewhere')
  })

  it('is read from results of before threads and notices were stated', () => {
    const before = ({ threads: _, notices: __, ...rest }: typeof prediction | typeof result) => rest
    const unstated = { threads: null, notices: [] }
    expect(predictionSchema.parse(before(prediction))).toMatchObject(unstated)
    expect(
      explanationResultSchema.parse({ ...before(result), prediction: before(prediction) }),
    ).toMatchObject({ ...unstated, prediction: unstated })
  })

  it('promises the same bits of the CPU alone', () => {
    const phrase = 'bit-identical for the same provider and thread count'
    expect(reproducibilityOf('cpu').value).toContain(phrase)
    for (const provider of ['cuda', 'directml', 'coreml', 'webgpu'])
      expect(reproducibilityOf(provider).value).toContain('not promised')
  })
})

it('settings of before there was a choice, or of a later program, mean auto', () => {
  expect(settingsSchema.parse({}).provider).toBe('auto')
  expect(settingsSchema.parse({ provider: 'quantum' }).provider).toBe('auto')
})
