import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fingerprint } from '../../../tools/setup/build.mjs'

let folder = ''
const now = (): string => fingerprint(folder, ['src', 'package.json', 'not-there'])

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pixelwise-build-'))
  mkdirSync(join(folder, 'src', 'deep'), { recursive: true })
  writeFileSync(join(folder, 'src', 'deep', 'a.ts'), 'a')
  writeFileSync(join(folder, 'package.json'), '{}')
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

describe('the fingerprint of the sources', () => {
  it('stays while only times change', () => {
    const before = now()
    utimesSync(join(folder, 'src', 'deep', 'a.ts'), 1, 1)
    expect(now()).toBe(before)
  })

  it('changes with content, with names, and with what is added', () => {
    const before = now()
    writeFileSync(join(folder, 'src', 'deep', 'a.ts'), 'b')
    const changed = now()
    rmSync(join(folder, 'src', 'deep', 'a.ts'))
    writeFileSync(join(folder, 'src', 'deep', 'b.ts'), 'b')
    const renamed = now()
    writeFileSync(join(folder, 'src', 'c.ts'), '')
    const added = now()
    expect(new Set([before, changed, renamed, added]).size).toBe(4)
  })
})
