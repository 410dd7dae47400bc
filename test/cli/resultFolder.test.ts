import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { assertFolder, writeFiles } from '../../src/cli/resultFolder'
import type { NamedFile } from '../../src/cli/outputs'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pixelwise-results-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const files: readonly NamedFile[] = [
  ['relevance.npy', 'new'],
  ['heatmap.png', 'new'],
  ['result.json', 'new'],
]
const refusal = (sentence: RegExp) =>
  expect.objectContaining({ code: 'io', message: expect.stringMatching(sentence) })

describe('a result’s files', () => {
  it('are written into a folder that need not be there', async () => {
    const deep = join(folder, 'a', 'b')
    await writeFiles(deep, files)
    expect(readdirSync(deep).toSorted()).toEqual(['heatmap.png', 'relevance.npy', 'result.json'])
    await writeFiles(deep, [['result.json', 'newer']])
    expect(readFileSync(join(deep, 'result.json'), 'utf8')).toBe('newer')
  })

  it('are written all or none: what lay there before stays whole', async () => {
    writeFileSync(join(folder, 'relevance.npy'), 'old')
    writeFileSync(join(folder, 'result.json'), 'old')
    mkdirSync(join(folder, 'heatmap.png'))
    await expect(writeFiles(folder, files)).rejects.toEqual(
      refusal(/cannot be written: “heatmap\.png” is there and is no file\./),
    )
    expect(readdirSync(folder).toSorted()).toEqual(['heatmap.png', 'relevance.npy', 'result.json'])
    for (const name of ['relevance.npy', 'result.json'])
      expect(readFileSync(join(folder, name), 'utf8')).toBe('old')
  })

  // Node's recursive mkdir tries for ever there.
  it.runIf(process.platform === 'linux')('are refused where no folder can be made', async () => {
    await expect(writeFiles('/proc/pixelwise/none', files)).rejects.toEqual(
      refusal(/cannot be written: no folder can be made there\./),
    )
  })
})

describe('before the work', () => {
  it('a folder is refused that could not be written after it', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    await expect(assertFolder(file)).rejects.toEqual(refusal(/“file” is a file/))
    await expect(assertFolder(join(file, 'x', 'y'))).rejects.toEqual(refusal(/path is a file/))
    await assertFolder(join(folder, 'to', 'be', 'made'))
    await assertFolder(folder)
    expect(readdirSync(folder)).toEqual(['file'])
  })
})
