import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodePng } from '../../../src/engine/images/png'
import { readImage } from '../../../src/engine/images/readImage'
import { resize, thumbnail } from '../../../src/engine/images/resize'
import { externalData, fixture } from '../support/paths'

describe('resize', () => {
  it.each([
    [17, 11],
    [100, 70],
    [48, 9],
  ])('to %i×%i equals Pillow’s bilinear resize to the bit', (width, height) => {
    const image = resize(decodePng(fixture('coffee-48.png'), 'x'), width, height)
    const expected = decodePng(fixture(`coffee-48.to-${width}x${height}.png`), 'x')
    expect([image.width, image.height]).toEqual([width, height])
    expect(Buffer.from(image.rgb).equals(Buffer.from(expected.rgb))).toBe(true)
  })

  it('halves by the triangle filter', () => {
    // One row 0, 80, 160, 240 to two pixels: scale 2, half width 2, centres 1 and 3.
    // Pixel 0: positions 0…2 (0.5, 1.5, 2.5 from the left) at distances 0.5, 0.5, 1.5 of 2:
    // weights 0.75, 0.75, 0.25 → (0·0.75 + 80·0.75 + 160·0.25)/1.75 = 57.14 → 57.
    const row = [0, 80, 160, 240]
    const rgb = Uint8Array.from(row.flatMap((value) => [value, value, value]))
    const half = resize({ width: 4, height: 1, rgb }, 2, 1)
    expect([half.rgb[0], half.rgb[3]]).toEqual([57, 183])
  })

  it('keeps an even colour and leaves the image alone where nothing changes', () => {
    const grey = { width: 7, height: 5, rgb: new Uint8Array(7 * 5 * 3).fill(131) }
    expect(new Set(resize(grey, 3, 11).rgb)).toEqual(new Set([131]))
    expect(resize(grey, 7, 5)).toBe(grey)
  })

  const photos = externalData('photos')
  it.skipIf(photos.missing).each([
    ['coffee.png', 'coffee_227.png'],
    ['chelsea.png', 'chelsea_227.png'],
    ['rocket.jpg', 'rocket_227.png'],
  ])(`warps %s to 227×227 as Pillow did: difference 0${photos.note}`, async (from, to) => {
    const { raster } = await readImage(join(photos.path, from))
    const expected = (await readImage(join(photos.path, '227', to))).raster
    expect(Buffer.from(resize(raster, 227, 227).rgb).equals(Buffer.from(expected.rgb))).toBe(true)
  })
})

describe('thumbnail', () => {
  it('has the longer side asked for and never enlarges', () => {
    const image = decodePng(fixture('coffee-48.png'), 'x')
    expect(thumbnail(image, 24)).toMatchObject({ width: 24, height: 16 })
    expect(thumbnail(image, 480)).toBe(image)
    const thin = { width: 100, height: 1, rgb: new Uint8Array(300) }
    expect(thumbnail(thin, 10)).toMatchObject({ width: 10, height: 1 })
  })
})
