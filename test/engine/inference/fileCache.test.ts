import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createFileCache } from '../../../src/engine/inference/fileCache'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pixelwise-cache-'))
})
afterAll(() => rm(folder, { recursive: true }))

it('reads a file again only when it changed, and holds no more than it may', async () => {
  const read: string[] = []
  const cached = createFileCache(1, (path) => {
    read.push(path)
    return Promise.resolve(path)
  })
  const [a, b] = [join(folder, 'a'), join(folder, 'b')]
  await writeFile(a, '1')
  await writeFile(b, '1')
  await cached(a)
  await cached(a)
  expect(read).toEqual([a])
  await writeFile(a, '2')
  await cached(a)
  expect(read).toEqual([a, a])
  await cached(b)
  await cached(a)
  expect(read).toEqual([a, a, b, a])
  await rm(a)
  await expect(cached(a)).rejects.toMatchObject({ code: 'not-found' })
})
