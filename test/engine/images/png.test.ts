import { decode } from 'fast-png'
import fc from 'fast-check'
import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { decodePng, encodePng } from '../../../src/engine/images/png'
import { AppError } from '../../../src/shared/errors'
import { fixture } from '../support/paths'
import { makePng, pngOf, type PngRecipe } from '../support/makePng'

const refusal = expect.objectContaining({ code: 'invalid-image' })
const rgbOf = (recipe: PngRecipe) => Array.from(decodePng(makePng(recipe), 'x.png').rgb)

describe('decodePng', () => {
  it('gives the pixels that fast-png gives, filters and all', () => {
    const bytes = fixture('coffee-48.png')
    const twin = decode(bytes)
    const image = decodePng(bytes, 'coffee-48.png')
    expect([image.width, image.height]).toEqual([48, 32])
    expect(Buffer.from(image.rgb).equals(Buffer.from(twin.data))).toBe(true)
  })

  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        (width, height) => {
          const rgb = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 37) % 256)
          expect(decodePng(encodePng(width, height, rgb), 'x')).toEqual({ width, height, rgb })
        },
      ),
    )
  })

  it.each([1, 2, 4, 8] as const)('spreads %i-bit grey over 0…255', (depth) => {
    const highest = 2 ** depth - 1
    const rgb = rgbOf({ width: 2, height: 1, depth, colourType: 0, samples: [0, highest] })
    expect(rgb).toEqual([0, 0, 0, 255, 255, 255])
  })

  it('takes the upper eight of sixteen bits', () => {
    const samples = [0x12ff, 0x8000, 0xffff]
    expect(rgbOf({ width: 1, height: 1, depth: 16, colourType: 2, samples })).toEqual([
      0x12, 0x80, 0xff,
    ])
  })

  it('composes transparency over white', () => {
    // Alpha 51 of 255 is one fifth: 0.2·100 + 0.8·255 = 224.
    const samples = [100, 0, 255, 51]
    expect(rgbOf({ width: 1, height: 1, depth: 8, colourType: 6, samples })).toEqual([
      224, 204, 255,
    ])
    const grey = [10, 0, 10, 255]
    expect(rgbOf({ width: 2, height: 1, depth: 8, colourType: 4, samples: grey })).toEqual([
      255, 255, 255, 10, 10, 10,
    ])
  })

  it('makes the key colour of tRNS white', () => {
    const recipe = { width: 2, height: 1, depth: 8, colourType: 2 } as const
    const transparency = [0, 1, 0, 2, 0, 3]
    expect(rgbOf({ ...recipe, samples: [1, 2, 3, 1, 2, 4], transparency })).toEqual([
      255, 255, 255, 1, 2, 4,
    ])
  })

  it('reads palettes with and without transparency', () => {
    const recipe = { width: 3, height: 1, depth: 2, colourType: 3, samples: [0, 1, 2] } as const
    const palette = [9, 8, 7, 0, 0, 0, 1, 2, 3]
    expect(rgbOf({ ...recipe, palette })).toEqual([9, 8, 7, 0, 0, 0, 1, 2, 3])
    expect(rgbOf({ ...recipe, palette, transparency: [255, 0] })).toEqual([
      9, 8, 7, 255, 255, 255, 1, 2, 3,
    ])
  })

  it('reads interlaced files of every depth like plain ones', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 13 }),
        fc.integer({ min: 1, max: 13 }),
        fc.constantFrom(
          ...([1, 2, 4, 8, 16] as const).map((depth) => ({ depth, colourType: 0 as const })),
          ...([8, 16] as const).flatMap((depth) =>
            ([2, 4, 6] as const).map((colourType) => ({ depth, colourType })),
          ),
        ),
        (width, height, kind) => {
          const samples = Array.from(
            { length: width * height * 4 },
            (_, i) => (i * 7919) % 2 ** kind.depth,
          )
          const recipe = { width, height, samples, ...kind }
          expect(rgbOf({ ...recipe, interlaced: true })).toEqual(rgbOf(recipe))
        },
      ),
    )
  })

  it('refuses a palette index without a colour', () => {
    const recipe = { width: 1, height: 1, depth: 8, colourType: 3, samples: [5] } as const
    expect(() => rgbOf({ ...recipe, palette: [1, 2, 3] })).toThrow(refusal)
    expect(() => rgbOf(recipe)).toThrow(refusal)
  })

  it('refuses 30,000×30,000 pixels by the header, before anything is inflated', () => {
    const bytes = makePng({ width: 1, height: 1, depth: 8, colourType: 2, samples: [] })
    const header = Buffer.from(bytes.subarray(16, 29))
    header.writeUInt32BE(30_000, 0)
    header.writeUInt32BE(30_000, 4)
    const huge = pngOf([['IHDR', header]])
    expect(() => decodePng(huge, 'huge.png')).toThrow(/30000×30000 pixels \(900 megapixels\)/)
  })

  it('refuses a bomb that inflates to more than its header promises', () => {
    const honest = makePng({ width: 2, height: 2, depth: 8, colourType: 2, samples: [] })
    const bomb = pngOf([
      ['IHDR', honest.subarray(16, 29)],
      ['IDAT', deflateSync(Buffer.alloc(64_000_000))],
      ['IEND', new Uint8Array()],
    ])
    expect(bomb.length).toBeLessThan(100_000)
    expect(() => decodePng(bomb, 'bomb.png')).toThrow(refusal)
  })

  it('never opens compressed text or profiles, however large they claim to be', () => {
    const profile = Buffer.concat([Buffer.from('x\0\0'), deflateSync(Buffer.alloc(32_000_000))])
    const sound = makePng({ width: 1, height: 1, depth: 8, colourType: 0, samples: [9] })
    const bytes = pngOf([
      ['IHDR', sound.subarray(16, 29)],
      ['iCCP', profile],
      ['IDAT', deflateSync(Buffer.from([0, 9]))],
      ['IEND', new Uint8Array()],
    ])
    expect(Array.from(decodePng(bytes, 'x').rgb)).toEqual([9, 9, 9])
  })

  it('refuses every truncation, and every flipped byte in a chunk that matters', () => {
    const sound = fixture('coffee-48.png')
    for (let length = 0; length < sound.length; length += 7)
      expect(() => decodePng(sound.subarray(0, length), 'x'), `${length} bytes`).toThrow(refusal)
    for (let at = 12; at < sound.length - 12; at += 11) {
      const bytes = sound.slice()
      bytes[at] = (bytes[at] ?? 0) ^ 0x40
      try {
        decodePng(bytes, 'x')
        // Only the lengths, names and checks of ignored chunks may be wrong unnoticed; there are none here.
        expect.unreachable(`byte ${at}`)
      } catch (error) {
        expect(error).toBeInstanceOf(AppError)
      }
    }
  })
})
