import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { goldens } from '../engine/support/paths'
import { goldenModels, type GoldenModel } from './goldens'
import { measureParity } from './parity'
import { parityText } from './table'

/** A table that cannot fail would prove nothing. */
describe('the parity table', () => {
  let folder = ''
  let model: GoldenModel | undefined

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'pixelwise-parity-'))
    cpSync(join(goldens, 'mlp_relu'), join(folder, 'mlp_relu'), { recursive: true })
    // The largest number of a float32 golden, made larger by a ten-thousandth.
    spoil(join(folder, 'mlp_relu', 'gradient.npy'), (bytes, at) =>
      bytes.writeFloatLE(bytes.readFloatLE(at) * 1.0001, at),
    )
    model = goldenModels(folder).at(0)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const measured = (golden: string) => {
    if (!model) throw new Error('there is no model')
    return measureParity(model, 'model.onnx', golden)
  }

  test('says pass where a golden is met', async () => {
    const row = await measured('input_x_gradient')
    expect(row).toMatchObject({ passed: true, reason: '', method: 'input-x-gradient' })
    expect(parityText([row])).toMatch(/input_x_gradient .* pass\n1 of 1 pass\n$/s)
  })

  test('says how far off a golden is that differs in one number', async () => {
    const row = await measured('gradient')
    expect(row).toMatchObject({ passed: false, reason: 'relevance differs' })
    expect(row.error).toBeGreaterThan(row.tolerance)
    expect(parityText([row])).toMatch(/FAIL: relevance differs\n0 of 1 pass\n$/)
  })

  test('refuses a golden that nobody has said how to make', async () => {
    if (!model) throw new Error('there is no model')
    const known = model.meta.goldens['gradient']
    if (!known) throw new Error('there is no golden')
    const strange = { ...model, meta: { ...model.meta, goldens: { strange: known } } }
    const row = await measureParity(strange, 'model.onnx', 'strange')
    expect(row).toMatchObject({ passed: false, error: null, method: '?' })
  })
})

function spoil(path: string, change: (bytes: Buffer, at: number) => void): void {
  const bytes = readFileSync(path)
  const start = 10 + bytes.readUInt16LE(8)
  let largest = start
  for (let at = start; at < bytes.length; at += 4) {
    if (Math.abs(bytes.readFloatLE(at)) > Math.abs(bytes.readFloatLE(largest))) largest = at
  }
  change(bytes, largest)
  writeFileSync(path, bytes)
}
