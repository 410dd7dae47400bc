import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeAtomically, writeError } from '../../src/report/files'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pixelwise-report-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const bytes = (text: string) => new TextEncoder().encode(text)

describe('writeAtomically', () => {
  it('replaces files and leaves nothing else behind', async () => {
    const a = join(folder, 'a.json')
    const b = join(folder, 'b.pdf')
    writeFileSync(a, 'old')
    await writeAtomically([
      { path: a, bytes: bytes('new') },
      { path: b, bytes: bytes('two') },
    ])
    expect(readFileSync(a, 'utf8')).toBe('new')
    expect(readFileSync(b, 'utf8')).toBe('two')
    expect(readdirSync(folder).toSorted()).toEqual(['a.json', 'b.pdf'])
  })

  it('keeps the old file when one of them cannot be written', async () => {
    const a = join(folder, 'a.json')
    writeFileSync(a, 'old')
    await expect(
      writeAtomically([
        { path: a, bytes: bytes('new') },
        { path: join(folder, 'gone', 'b.pdf'), bytes: bytes('two') },
      ]),
    ).rejects.toMatchObject({ code: 'io', message: expect.stringContaining('no longer there') })
    expect(readFileSync(a, 'utf8')).toBe('old')
    expect(readdirSync(folder)).toEqual(['a.json'])
  })

  it('does not replace a folder', async () => {
    const path = join(folder, 'report.pdf')
    mkdirSync(path)
    await expect(writeAtomically([{ path, bytes: bytes('x') }])).rejects.toMatchObject({
      code: 'io',
    })
    expect(readdirSync(folder)).toEqual(['report.pdf'])
  })
})

it.each([
  ['ENOSPC', 'storage-full', /disk is full/],
  ['EACCES', 'io', /may not be written/],
  ['EROFS', 'io', /may not be written/],
  ['EIO', 'io', /was not written/],
])('explains %s', (code, expected, sentence) => {
  const error = writeError(Object.assign(new Error('raw'), { code }))
  expect(error.code).toBe(expected)
  expect(error.message).toMatch(sentence)
  expect(error.message).toContain('the review is kept')
  expect(error.hint).not.toBe('')
})
