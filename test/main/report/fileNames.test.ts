import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { reportFiles, suggestedName } from '../../../src/main/report/fileNames'

describe('suggestedName', () => {
  it.each([
    ['IHC colon, demonstration', 'IHC colon, demonstration.pdf'],
    ['a/b\\c:d', 'a b c d.pdf'],
    ['../../etc', 'etc.pdf'],
    ['...', 'Report.pdf'],
    ['trailing. ', 'trailing.pdf'],
    ['\u0000\n', 'Report.pdf'],
    ['Größe 3 µm', 'Größe 3 µm.pdf'],
  ])('%j → %s', (session, expected) => {
    expect(suggestedName(session)).toBe(expected)
  })

  it('is never too long for a file system', () => {
    expect(suggestedName('x'.repeat(500)).length).toBeLessThan(130)
  })
})

describe('reportFiles', () => {
  it('puts the JSON beside the PDF and replaces no file the user was not asked about', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'names-'))
    const at = (name: string) => join(folder, name)
    expect(await reportFiles(at('a.pdf'))).toEqual({
      folder,
      pdf: at('a.pdf'),
      json: at('a.json'),
    })
    expect((await reportFiles(at('b'))).pdf).toBe(at('b.pdf'))
    expect((await reportFiles(at('C.PDF'))).json).toBe(at('C.json'))

    writeFileSync(at('a.json'), 'something of the user')
    expect((await reportFiles(at('a.pdf'))).json).toBe(at('a (report).json'))
    writeFileSync(at('a.pdf'), 'an earlier report')
    expect((await reportFiles(at('a.pdf'))).json).toBe(at('a.json'))
    rmSync(folder, { recursive: true })
  })
})
