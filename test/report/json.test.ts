import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canonicalJson, parseReport, reportJson } from '../../src/report/json'
import { AppError } from '../../src/shared/errors'
import { ihcReport, type Fixture } from './fixtures'

let folder = ''
let fixture: Fixture
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pixelwise-report-'))
  fixture = ihcReport(folder)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the report as JSON', () => {
  it('reads back as it was', () => {
    expect(parseReport(reportJson(fixture.model))).toEqual(fixture.model)
  })

  it('sorts keys, so that their order at birth does not change the bytes', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: 'ß' })).toBe(
      '{\n  "a": "ß",\n  "b": [\n    {\n      "c": 2,\n      "d": 1\n    }\n  ]\n}\n',
    )
    const shuffled = Object.fromEntries(Object.entries(fixture.model).toReversed())
    expect(canonicalJson(shuffled)).toBe(canonicalJson(fixture.model))
  })

  it.each([
    ['nothing', new Uint8Array()],
    ['broken UTF-8', Uint8Array.from([0x7b, 0xff, 0x7d])],
    ['other JSON', new TextEncoder().encode('{"schema":"pixelwise-report/2"}')],
  ])('refuses %s with a sentence', (_what, bytes) => {
    expect(() => parseReport(bytes)).toThrow(AppError)
    expect(() => parseReport(bytes)).toThrow(/not a report of Pixelwise/)
  })
})
