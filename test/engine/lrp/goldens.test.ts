import { describe, expect, test } from 'vitest'
import { goldenModels } from '../../parity/goldens'
import { measureParity } from '../../parity/parity'
import { goldens } from '../support/paths'

/**
 * Parity with Zennit and LXT (float64) on every network, by the code that prints the table of
 * `npm run parity`. The tolerance is the golden's own: ten times the reference's float32-against-float64
 * noise, at least 1e-5.
 */
describe.each(goldenModels(goldens))('$name', (model) => {
  describe.each(model.files)('%s', (file) => {
    test.each(Object.keys(model.meta.goldens))('%s', async (golden) => {
      const row = await measureParity(model, file, golden)
      expect(row.reason).toBe('')
      expect(row.error).toBeLessThanOrEqual(row.tolerance)
    })
  })
})

test('the table holds every golden file', () => {
  const models = goldenModels(goldens)
  expect(models.map(({ name }) => name)).toHaveLength(9)
  for (const { files, meta } of models) {
    expect(files).toContain('model.onnx')
    expect(Object.keys(meta.goldens).length).toBeGreaterThanOrEqual(5)
  }
})
