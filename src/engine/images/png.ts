import { inflateSync } from 'node:zlib'
import { encode } from 'fast-png'
import { checkSize, damaged } from './limits'
import { readPngChunks, readPngHeader, type PngChunks } from './pngChunks'
import { unfilter } from './pngFilter'
import type { Raster } from './raster'

/** Offsets and steps of the seven Adam7 passes; a plain image is one pass over every pixel. */
const adam7 = [
  { x: 0, y: 0, dx: 8, dy: 8 },
  { x: 4, y: 0, dx: 8, dy: 8 },
  { x: 0, y: 4, dx: 4, dy: 8 },
  { x: 2, y: 0, dx: 4, dy: 4 },
  { x: 0, y: 2, dx: 2, dy: 4 },
  { x: 1, y: 0, dx: 2, dy: 2 },
  { x: 0, y: 1, dx: 1, dy: 2 },
] as const
const onePass = [{ x: 0, y: 0, dx: 1, dy: 1 }] as const
const samplesPerPixel = new Map([
  [0, 1],
  [2, 3],
  [3, 1],
  [4, 2],
  [6, 4],
])
/** Some writers leave bytes behind the last line; libpng ignores them as well. */
const slack = 65_536

/** @throws AppError `invalid-image` */
export function pngSize(bytes: Uint8Array, name: string): { width: number; height: number } {
  try {
    const { width, height } = readPngHeader(bytes)
    return { width, height }
  } catch (error) {
    throw damaged(name, 'PNG', error)
  }
}

/**
 * Every PNG as 8-bit RGB: 1, 2, 4, 8 and 16 bits, grey, colour, palette, interlaced or not.
 * Of 16 bits the upper eight count; transparency is composed over white, as a viewer on white paper
 * would show it; colour profiles and gamma are left out, so the model sees the stored values.
 * The output of inflating is bounded by what the header promises.
 * @throws AppError `invalid-image` when the file is damaged or too large.
 */
export function decodePng(bytes: Uint8Array, name: string): Raster {
  const size = pngSize(bytes, name)
  checkSize(name, size.width, size.height)
  try {
    const chunks = readPngChunks(bytes)
    return toRgb(chunks, inflate(chunks))
  } catch (error) {
    throw damaged(name, 'PNG', error)
  }
}

/** @param channels 1 grey, 3 RGB, 4 RGB and alpha. */
export function encodePng(
  width: number,
  height: number,
  data: Uint8Array | Uint8ClampedArray,
  channels: 1 | 3 | 4 = 3,
): Uint8Array<ArrayBuffer> {
  return new Uint8Array(encode({ width, height, data, channels, depth: 8 }))
}

interface Pass {
  readonly x: number
  readonly y: number
  readonly dx: number
  readonly dy: number
  readonly columns: number
  readonly rows: number
  readonly bytesPerLine: number
}

function passesOf({ header }: PngChunks): Pass[] {
  const bits = (samplesPerPixel.get(header.colourType) ?? 1) * header.depth
  return (header.interlaced ? adam7 : onePass)
    .map((pass) => {
      const columns = Math.ceil((header.width - pass.x) / pass.dx)
      const rows = Math.ceil((header.height - pass.y) / pass.dy)
      return { ...pass, columns, rows, bytesPerLine: Math.ceil((columns * bits) / 8) }
    })
    .filter((pass) => pass.columns > 0 && pass.rows > 0)
}

function inflate(chunks: PngChunks): Uint8Array {
  const expected = passesOf(chunks).reduce(
    (sum, pass) => sum + pass.rows * (pass.bytesPerLine + 1),
    0,
  )
  const raw = inflateSync(Buffer.concat(chunks.data), {
    maxOutputLength: expected + slack,
    chunkSize: Math.min(expected + slack, 1 << 24),
  })
  if (raw.length < expected) throw new Error(`${raw.length} of ${expected} bytes`)
  return raw
}

function toRgb(chunks: PngChunks, raw: Uint8Array): Raster {
  const { width, height, depth, colourType } = chunks.header
  const samples = samplesPerPixel.get(colourType) ?? 1
  const rgb = new Uint8Array(width * height * 3)
  const put = pixelWriter(chunks, rgb)
  const plain =
    depth === 8 && colourType === 2 && !chunks.header.interlaced && chunks.transparency === null
  const line = new Uint16Array(Math.max(1, width) * samples)
  let offset = 0
  for (const pass of passesOf(chunks)) {
    const stride = Math.max(1, (samples * depth) >> 3)
    let above: Uint8Array = new Uint8Array(pass.bytesPerLine)
    for (let row = 0; row < pass.rows; row++) {
      const current = raw.subarray(offset + 1, offset + 1 + pass.bytesPerLine)
      unfilter(raw[offset] ?? 255, current, above, stride)
      const start = (pass.y + row * pass.dy) * width + pass.x
      if (plain) {
        rgb.set(current, start * 3)
      } else {
        unpack(current, depth, pass.columns * samples, line)
        for (let column = 0; column < pass.columns; column++)
          put(line, column * samples, (start + column * pass.dx) * 3)
      }
      above = current
      offset += pass.bytesPerLine + 1
    }
  }
  return { width, height, rgb }
}

/** Samples as stored: 0 … 2^depth − 1. */
function unpack(bytes: Uint8Array, depth: number, count: number, out: Uint16Array): void {
  if (depth === 8) {
    out.set(bytes.subarray(0, count))
    return
  }
  if (depth === 16) {
    for (let i = 0; i < count; i++) out[i] = ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)
    return
  }
  const mask = (1 << depth) - 1
  for (let i = 0; i < count; i++) {
    const bit = i * depth
    out[i] = ((bytes[bit >> 3] ?? 0) >> (8 - depth - (bit & 7))) & mask
  }
}

type PutPixel = (line: Uint16Array, from: number, to: number) => void

function pixelWriter(chunks: PngChunks, rgb: Uint8Array): PutPixel {
  const { depth, colourType } = chunks.header
  const highest = (1 << depth) - 1
  const to8 = (sample: number) => (depth === 16 ? sample >> 8 : (sample * 255) / highest)
  const over = (sample: number, alpha: number) =>
    Math.round((to8(sample) * alpha + 255 * (highest - alpha)) / highest)
  if (colourType === 3) return paletteWriter(chunks, rgb)

  const colours = colourType === 2 || colourType === 6 ? 3 : 1
  const hasAlpha = colourType === 4 || colourType === 6
  // tRNS of grey and RGB names the one colour that is wholly transparent.
  const key = keyColour(chunks.transparency, hasAlpha ? 0 : colours)
  return (line, from, to) => {
    const alpha = hasAlpha
      ? (line[from + colours] ?? 0)
      : key && key.every((value, c) => line[from + c] === value)
        ? 0
        : highest
    for (let c = 0; c < 3; c++) {
      const sample = line[from + (colours === 3 ? c : 0)] ?? 0
      rgb[to + c] = alpha === highest ? to8(sample) : over(sample, alpha)
    }
  }
}

function keyColour(transparency: Uint8Array | null, samples: number): number[] | null {
  if (!transparency || samples === 0 || transparency.length < samples * 2) return null
  return Array.from(
    { length: samples },
    (_, c) => ((transparency[2 * c] ?? 0) << 8) | (transparency[2 * c + 1] ?? 0),
  )
}

function paletteWriter({ palette, transparency }: PngChunks, rgb: Uint8Array): PutPixel {
  if (!palette) throw new Error('no palette')
  const count = Math.floor(palette.length / 3)
  const opaque = Uint8Array.from({ length: count * 3 }, (_, i) => {
    const alpha = transparency?.[Math.floor(i / 3)] ?? 255
    return Math.round(((palette[i] ?? 0) * alpha + 255 * (255 - alpha)) / 255)
  })
  return (line, from, to) => {
    const index = line[from] ?? 0
    if (index >= count) throw new Error(`colour ${index} of ${count}`)
    rgb.set(opaque.subarray(index * 3, index * 3 + 3), to)
  }
}
