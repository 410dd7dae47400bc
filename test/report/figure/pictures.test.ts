import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode, encode } from 'fast-png'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FigureHeatmap } from '../../../src/report/document/blocks'
import { readHeatmap } from '../../../src/report/figure/heatmap'
import { withoutMetadata } from '../../../src/report/figure/jpegMetadata'
import { readPicture } from '../../../src/report/figure/picture'
import { opaquePng } from '../../../src/report/figure/png'
import { sha256 } from '../../../src/report/files'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pixelwise-report-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function write(bytes: Uint8Array): string {
  const path = join(folder, 'file')
  writeFileSync(path, bytes)
  return path
}

describe('readPicture', () => {
  const png = encode({ width: 2, height: 1, channels: 3, data: Uint8Array.of(1, 2, 3, 4, 5, 6) })

  it('gives the reviewed file as it is', async () => {
    expect(await readPicture(write(png), sha256(png))).toEqual({
      kind: 'shown',
      bytes: Buffer.from(png),
    })
  })

  it('never shows a file that is not the reviewed one', async () => {
    const other = encode({ width: 1, height: 1, channels: 3, data: Uint8Array.of(1, 2, 3) })
    expect(await readPicture(write(other), sha256(png))).toMatchObject({
      kind: 'left-out',
      reason: expect.stringContaining('has changed'),
    })
  })

  it('says so when the file is gone or too large', async () => {
    expect(await readPicture(join(folder, 'gone'), sha256(png))).toMatchObject({
      reason: expect.stringContaining('could not be read'),
    })
    const large = new Uint8Array(30_000_001)
    expect(await readPicture(write(large), sha256(large))).toMatchObject({
      reason: expect.stringContaining('not embedded'),
    })
  })
})

describe('opaquePng', () => {
  it('lays transparent pixels on white', () => {
    const data = Uint8Array.of(100, 0, 0, 255, 100, 0, 0, 0, 0, 0, 0, 128)
    const flat = decode(opaquePng(encode({ width: 3, height: 1, channels: 4, data })))
    expect(flat.channels).toBe(3)
    // The last: 255 + (0 − 255)·128/255 = 127.
    expect([...flat.data]).toEqual([100, 0, 0, 255, 255, 255, 127, 127, 127])
  })

  it('takes 16 bits of grey and alpha down to eight', () => {
    const data = Uint16Array.of(65535, 65535, 0, 65535)
    const flat = decode(opaquePng(encode({ width: 2, height: 1, channels: 2, depth: 16, data })))
    expect([...flat.data]).toEqual([255, 255, 255, 0, 0, 0])
  })
})

describe('withoutMetadata', () => {
  const segment = (marker: number, content: readonly number[]) => [
    ...[0xff, marker, (content.length + 2) >> 8, (content.length + 2) & 255],
    ...content,
  ]
  const text = (value: string) => [...value].map((character) => character.charCodeAt(0))
  const scan = [0xff, 0xda, 0x00, 0x02, 0x12, 0xff, 0xe1, 0x34, 0xff, 0xd9]
  const exif = (orientation: number) =>
    segment(0xe1, [
      ...text('Exif\0\0II'),
      ...[0x2a, 0, 8, 0, 0, 0, 2, 0],
      ...[0x0e, 0x01, 2, 0, 8, 0, 0, 0, 38, 0, 0, 0],
      ...[0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0],
      ...[0, 0, 0, 0],
      ...text('J. Doe\0\0'),
    ])

  it('drops names and comments, keeps the picture byte for byte', () => {
    const jfif = segment(0xe0, text('JFIF\0'))
    const jpeg = Uint8Array.of(
      ...[0xff, 0xd8],
      ...jfif,
      ...exif(1),
      ...segment(0xed, text('Photoshop J. Doe')),
      ...segment(0xfe, text('J. Doe')),
      ...scan,
    )
    expect([...withoutMetadata(jpeg)]).toEqual([0xff, 0xd8, ...jfif, ...scan])
  })

  it('keeps the orientation and nothing else of EXIF', () => {
    const clean = withoutMetadata(Uint8Array.of(0xff, 0xd8, ...exif(6), ...scan))
    expect(Buffer.from(clean).toString('latin1')).not.toContain('Doe')
    expect(clean.length).toBe(2 + 36 + scan.length)
    expect([...withoutMetadata(clean)]).toEqual([...clean])
  })

  it('survives damaged segments', () => {
    const cut = Uint8Array.of(0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff, 1, 2)
    expect([...withoutMetadata(cut)]).toEqual([...cut])
  })
})

describe('readHeatmap', () => {
  const values = Float32Array.of(1, -1, 0, 0.5)
  const bytes = new Uint8Array(values.buffer)
  const heatmap: FigureHeatmap = {
    shape: [1, 2, 2],
    region: { x: 0, y: 0, width: 2, height: 2 },
    relevanceSha256: sha256(bytes),
    view: {
      colourMap: 'blue-white-red',
      opacity: 0.7,
      threshold: 0,
      sign: 'both',
      normalisation: 'max',
      range: 1,
    },
    against: '',
    for: '',
    ends: ['', ''],
    note: '',
  }

  it('paints small maps in whole pixels: red for, blue against, nothing at zero', async () => {
    const pictures = await readHeatmap(write(bytes), heatmap)
    if (pictures.kind !== 'shown') throw new Error(pictures.reason)
    const { width, height, data } = decode(pictures.layer)
    expect([width, height]).toEqual([448, 448])
    const at = (x: number, y: number) => [
      ...data.slice((y * width + x) * 4, (y * width + x) * 4 + 4),
    ]
    expect(at(0, 0)).toEqual(at(223, 223))
    const [red = 0, , blue = 0, alpha] = at(10, 10)
    expect(red).toBeGreaterThan(blue)
    expect(alpha).toBe(255)
    const [r = 0, , b = 0] = at(300, 10)
    expect(b).toBeGreaterThan(r)
    expect(at(10, 300)[3]).toBe(0)
  })

  it('never shows a map that is not the reported one, nor one of the wrong size', async () => {
    const other = Uint8Array.from(bytes, (byte, index) => (index === 0 ? byte + 1 : byte))
    expect(await readHeatmap(write(other), heatmap)).toMatchObject({
      reason: expect.stringContaining('has changed'),
    })
    const short = bytes.subarray(0, 12)
    expect(
      await readHeatmap(write(short), { ...heatmap, relevanceSha256: sha256(short) }),
    ).toMatchObject({ reason: expect.stringContaining('could not be read') })
  })
})
