import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { abandonedWork, makeOnce } from '../../../tools/setup/makeOnce.mjs'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pixelwise-make-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

const making = (content: string) => async (workshop: string) => {
  const path = join(workshop, 'outcome')
  await writeFile(path, content)
  return path
}

describe('making something once', () => {
  it('makes it, leaves nothing beside it, and does not make it again', async () => {
    const target = join(folder, 'deep', 'thing')
    await makeOnce(target, making('first'))
    await makeOnce(target, making('second'))
    expect(readFileSync(target, 'utf8')).toBe('first')
    expect(readdirSync(join(folder, 'deep'))).toEqual(['thing'])
  })

  it('leaves nothing where the work fails, and can be tried again', async () => {
    const target = join(folder, 'thing')
    const failing = makeOnce(target, async (workshop) => {
      await writeFile(join(workshop, 'half'), 'half')
      throw new Error('interrupted')
    })
    await expect(failing).rejects.toThrow('interrupted')
    expect(readdirSync(folder)).toEqual([])
    await makeOnce(target, making('whole'))
    expect(readFileSync(target, 'utf8')).toBe('whole')
  })

  it('is content with what another process finished in the meantime', async () => {
    const target = join(folder, 'thing')
    await makeOnce(target, async (workshop) => {
      mkdirSync(target)
      await writeFile(join(target, 'theirs'), '')
      mkdirSync(join(workshop, 'ours'))
      return join(workshop, 'ours')
    })
    expect(readdirSync(target)).toEqual(['theirs'])
    expect(readdirSync(folder)).toEqual(['thing'])
  })

  it('removes what a killed process left', async () => {
    const target = join(folder, 'thing')
    // Process ids end far below this.
    const left = `${target}.making-999999999-abc`
    mkdirSync(left)
    await makeOnce(target, making('whole'))
    expect(existsSync(left)).toBe(false)
  })

  it('touches neither the work of others that run nor other things', () => {
    const names = ['thing.making-1-a', 'thing.making-2-b', 'thing2.making-2-c', 'thing']
    expect(abandonedWork('/x/thing', names, (pid) => pid === 1)).toEqual(['thing.making-2-b'])
  })
})
