import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readUnchanged } from '../../../src/main/files/bytes'
import { compareNames, expandDropped, listFolder } from '../../../src/main/files/listing'
import { isThere, locate } from '../../../src/main/files/locate'
import { createFileTokens } from '../../../src/main/files/tokens'
import { sha256Schema } from '../../../src/shared/hash'
import { fileTokenSchema } from '../../../src/shared/session'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'files-'))
  for (const name of ['tile-10.png', 'tile-2.PNG', 'a.JPeG', 'b.jpg', 'm.onnx', 'n.txt']) {
    writeFileSync(join(folder, name), name)
  }
  writeFileSync(join(folder, '._tile-2.png'), 'left behind by a system')
  mkdirSync(join(folder, 'below.png'))
  writeFileSync(join(folder, 'below.png', 'deep.png'), '')
  symlinkSync(join(folder, 'b.jpg'), join(folder, 'link.jpg'))
  symlinkSync(join(folder, 'missing'), join(folder, 'dangling.jpg'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})
const names = (paths: readonly string[]) => paths.map((path) => basename(path))

describe('listFolder', () => {
  it('lists images and models in natural order, whatever the case, and not below', async () => {
    expect(names(await listFolder(folder))).toEqual([
      'a.JPeG',
      'b.jpg',
      'link.jpg',
      'm.onnx',
      'tile-2.PNG',
      'tile-10.png',
    ])
  })

  it('orders equal names by their letters, so that the order is always the same', () => {
    expect(['B', 'a', 'b', 'A'].sort(compareNames)).toEqual(['A', 'a', 'B', 'b'])
  })
})

describe('expandDropped', () => {
  it('takes files as they are, folders as their content, each once, and skips what is gone', async () => {
    const dropped = ['n.txt', 'b.jpg', 'missing.png', 'below.png', 'b.jpg']
    const found = await expandDropped(dropped.map((name) => join(folder, name)))
    expect(names(found)).toEqual(['n.txt', 'b.jpg', 'deep.png'])
  })
})

describe('file tokens', () => {
  it('hide the path, stay the same for the same file and know no other', async () => {
    const tokens = createFileTokens(() => crypto.randomUUID())
    const path = join(folder, 'b.jpg')
    const given = await tokens.give(path)
    expect(given).toEqual({ token: given.token, name: 'b.jpg', bytes: 5 })
    expect(await tokens.give(path)).toEqual(given)
    expect(tokens.pathOf(given.token)).toBe(path)
    const invented = fileTokenSchema.parse(crypto.randomUUID())
    expect(() => tokens.pathOf(invented)).toThrow('not chosen')
  })
})

describe('readUnchanged', () => {
  const hash = (text: string) => sha256Schema.parse(createHash('sha256').update(text).digest('hex'))

  it('gives the bytes of the file', async () => {
    const bytes = await readUnchanged(join(folder, 'b.jpg'), hash('b.jpg'))
    expect(Buffer.from(bytes).toString()).toBe('b.jpg')
  })

  it('refuses a file that has changed', async () => {
    await expect(readUnchanged(join(folder, 'b.jpg'), hash('other'))).rejects.toMatchObject({
      code: 'invalid-image',
    })
  })
})

describe('locate', () => {
  const here = () => join(folder, 'new', 'assets', 'samples')
  beforeAll(() => {
    mkdirSync(join(here(), 'ihc'), { recursive: true })
    writeFileSync(join(here(), 'ihc', 'ihc.png'), '')
  })

  it.each(['/old/assets/samples/ihc/ihc.png', 'C:\\old\\assets\\samples\\ihc\\ihc.png'])(
    'finds a sample of a program that was moved: %s',
    async (path) => {
      expect(await locate(path, here())).toBe(join(here(), 'ihc', 'ihc.png'))
    },
  )

  it('leaves every other path alone', async () => {
    for (const path of ['/old/ihc.png', '/old/assets/samples/other.png', join(folder, 'b.jpg')]) {
      expect(await locate(path, here())).toBe(path)
    }
  })
})

describe('isThere', () => {
  it('asks for a file of the right length', async () => {
    expect(await isThere(join(folder, 'b.jpg'))).toBe(true)
    expect(await isThere(join(folder, 'b.jpg'), 5)).toBe(true)
    expect(await isThere(join(folder, 'b.jpg'), 6)).toBe(false)
    expect(await isThere(join(folder, 'missing'))).toBe(false)
    expect(await isThere(folder)).toBe(false)
  })
})
