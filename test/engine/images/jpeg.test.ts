import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeJpeg, jpegSize } from '../../../src/engine/images/jpeg'
import { decodeImage } from '../../../src/engine/images/readImage'
import { decodePng } from '../../../src/engine/images/png'
import { fixture } from '../support/paths'

const refusal = expect.objectContaining({ code: 'invalid-image' })

/** The file with an EXIF block that holds nothing but the orientation. */
function withOrientation(jpeg: Uint8Array, orientation: number, little: boolean): Uint8Array {
  const u16 = (value: number) => (little ? [value, 0] : [0, value])
  const u32 = (value: number) => (little ? [value, 0, 0, 0] : [0, 0, 0, value])
  const tiff = [
    ...(little ? [0x49, 0x49] : [0x4d, 0x4d]),
    ...u16(42),
    ...u32(8),
    ...u16(1),
    ...(little ? [0x12, 0x01] : [0x01, 0x12]),
    ...u16(3),
    ...u32(1),
    ...u16(orientation),
    0,
    0,
    ...u32(0),
  ]
  const body = [0x45, 0x78, 0x69, 0x66, 0, 0, ...tiff]
  return Uint8Array.from([
    ...jpeg.subarray(0, 2),
    0xff,
    0xe1,
    0,
    body.length + 2,
    ...body,
    ...jpeg.subarray(2),
  ])
}

describe('decodeJpeg', () => {
  it.each(['colour-444', 'colour-420-progressive', 'grey'])(
    'gives libjpeg-turbo’s own pixels for %s',
    async (name) => {
      const image = await decodeJpeg(fixture(`${name}.jpg`), name)
      const expected = decodePng(fixture(`${name}.expected.png`), name)
      expect([image.width, image.height]).toEqual([48, 32])
      expect(Buffer.from(image.rgb).equals(Buffer.from(expected.rgb))).toBe(true)
    },
  )

  it.each([true, false])('applies the EXIF orientation (little endian: %s)', async (little) => {
    const upright = await decodeJpeg(fixture('colour-444.jpg'), 'x')
    const bytes = withOrientation(fixture('colour-444.jpg'), 6, little)
    const turned = await decodeJpeg(bytes, 'x')
    expect(jpegSize(bytes, 'x')).toEqual({ width: 32, height: 48 })
    expect([turned.width, turned.height]).toEqual([32, 48])
    // A quarter turn clockwise: the stored lower left corner comes to the upper left.
    expect(turned.rgb.subarray(0, 3)).toEqual(upright.rgb.subarray(31 * 48 * 3, 31 * 48 * 3 + 3))
  })

  it('takes an orientation that does not exist for upright', async () => {
    const upright = await decodeJpeg(fixture('colour-444.jpg'), 'x')
    expect(await decodeJpeg(withOrientation(fixture('colour-444.jpg'), 9, true), 'x')).toEqual(
      upright,
    )
  })

  it('refuses CMYK by name and goes on working', async () => {
    await expect(decodeJpeg(fixture('cmyk.jpg'), 'print.jpg')).rejects.toThrow(/CMYK/)
    await expect(decodeJpeg(fixture('grey.jpg'), 'grey.jpg')).resolves.toBeDefined()
  })

  it('refuses every truncation and stays sound afterwards', async () => {
    const sound = fixture('colour-444.jpg')
    for (let length = 2; length < sound.length - 2; length += 97)
      await expect(decodeJpeg(sound.subarray(0, length), 'x'), `${length} bytes`).rejects.toEqual(
        refusal,
      )
    await expect(decodeJpeg(sound, 'x')).resolves.toBeDefined()
  })

  it('answers every damage with pixels or one sentence, and stays sound', async () => {
    const sound = fixture('colour-420-progressive.jpg')
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        async (changes) => {
          const bytes = sound.slice()
          for (const [at, value] of changes) bytes[at] = value
          try {
            const { width, height, rgb } = await decodeImage(bytes, 'x')
            expect(rgb).toHaveLength(width * height * 3)
          } catch (error) {
            expect(error).toEqual(refusal)
          }
        },
      ),
      { numRuns: 200, seed: 7 },
    )
    await expect(decodeJpeg(sound, 'x')).resolves.toBeDefined()
  })

  it('refuses a size beyond the limit by the header', async () => {
    const bytes = fixture('grey.jpg').slice()
    const frame = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xc0)
    bytes.set([0x75, 0x30, 0x75, 0x30], frame + 5)
    await expect(decodeJpeg(bytes, 'x.jpg')).rejects.toThrow(/30000×30000/)
  })
})
