import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { crop } from '../../../src/engine/images/raster'
import { decodeImage, readImage } from '../../../src/engine/images/readImage'
import { fixture, images } from '../support/paths'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pixelwise-images-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('readImage', () => {
  it('tells the format by the bytes, not by the name', async () => {
    const path = join(folder, 'really-a-jpeg.png')
    await writeFile(path, fixture('colour-444.jpg'))
    const { raster, bytes } = await readImage(path)
    expect([raster.width, raster.height, bytes]).toEqual([48, 32, fixture('colour-444.jpg').length])
  })

  it('hashes the bytes that it decoded', async () => {
    const { sha256 } = await readImage(join(images, 'coffee-48.png'))
    const { createHash } = await import('node:crypto')
    expect(sha256).toBe(createHash('sha256').update(fixture('coffee-48.png')).digest('hex'))
  })

  it.each([
    ['empty.png', '', /empty/],
    ['notes.png', 'this is text', /not an image/],
    ['half.jpg', '\xff\xd8\xff', /damaged/],
  ])('refuses %s in one sentence', async (name, content, sentence) => {
    const path = join(folder, name)
    await writeFile(path, content, 'latin1')
    const refusal = await readImage(path).catch((error: unknown) => error)
    expect(refusal).toMatchObject({
      code: 'invalid-image',
      message: expect.stringMatching(sentence),
    })
    expect(refusal).toMatchObject({ message: expect.not.stringContaining(folder) })
  })

  it('says what is not there, and what is a folder', async () => {
    await expect(readImage(join(folder, 'none.png'))).rejects.toMatchObject({ code: 'not-found' })
    await expect(readImage(folder)).rejects.toMatchObject({ code: 'invalid-image' })
  })

  it('names the file in every refusal', async () => {
    await expect(decodeImage(new Uint8Array([1, 2, 3]), 'scan 7.tif')).rejects.toThrow(/scan 7.tif/)
  })
})

describe('crop', () => {
  // 3×2 pixels, red counts 1…6.
  const rgb = Uint8Array.from([1, 2, 3, 4, 5, 6].flatMap((value) => [value, 0, 0]))
  const image = { width: 3, height: 2, rgb }
  const reds = (raster: { rgb: Uint8Array }) => Array.from(raster.rgb).filter((_, i) => i % 3 === 0)

  it('cuts out what lies inside', () => {
    expect(reds(crop(image, { x: 1, y: 0, width: 2, height: 2 }))).toEqual([2, 3, 5, 6])
  })

  it('repeats the border pixels outside', () => {
    // Columns −1…3 are 0, 0, 1, 2, 2 of the image.
    expect(reds(crop(image, { x: -1, y: 1, width: 5, height: 2 }))).toEqual([
      4, 4, 5, 6, 6, 4, 4, 5, 6, 6,
    ])
  })
})
